import { createHash } from "node:crypto";
import { toKubeConfig, type AuthInput } from "./auth.ts";

/** Which server one speaks to, and as whom. */
export interface KubeIdentity {
  /** The API server's address, without credentials. */
  readonly address: string;
  /** Tells users apart: a hash of the credentials, or of the program or file that gives them. */
  readonly user: string;
}

/** Address and identity that a configuration leads to. Nothing is asked of the cluster. @throws ManagerError CONFIG_INVALID. */
export async function toIdentity(input: AuthInput): Promise<KubeIdentity> {
  const config = await toKubeConfig(input);
  const user = JSON.stringify(config.getCurrentUser() ?? {});
  const server = config.getCurrentCluster()?.server ?? "";
  const url = URL.parse(server);
  return {
    address: url ? url.origin + url.pathname.replace(/\/+$/, "") : "",
    user: createHash("sha256").update(user).digest("hex"),
  };
}
