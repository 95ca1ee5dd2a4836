import type { JobPlan, Registries, RegistryLogin } from "@juliarun/core";
import type { ManifestSetting } from "./manifests/manifest-setting.ts";
import { jobImages } from "./manifests/pull-access.ts";

/**
 * Credentials by registry for a job's own pull secret: of those registries whose images it uses and that no existing Secret is
 * configured for.
 * @throws ManagerError CONFIG_INVALID when a password cannot be read.
 */
export async function pullLogins(
  plan: JobPlan,
  { registries }: Pick<ManifestSetting, "registries">,
): Promise<Map<string, RegistryLogin>> {
  const logins = new Map<string, RegistryLogin>();
  for (const { image, source } of configured(plan, registries)) {
    if (source.secret !== undefined || logins.has(source.registry)) continue;
    const login = await registries?.login(image);
    if (login) logins.set(source.registry, login);
  }
  return logins;
}

/** Existing Secrets that a job's pods pull with, by the registry that they are configured for. */
export function pullSecrets(
  plan: JobPlan,
  { registries }: Pick<ManifestSetting, "registries">,
): Map<string, string> {
  return new Map(
    configured(plan, registries).flatMap(({ source: { registry, secret } }) =>
      secret === undefined ? [] : [[registry, secret] as const],
    ),
  );
}

function configured(plan: JobPlan, registries: Registries | undefined) {
  return jobImages(plan).flatMap((image) => {
    const source = registries?.of(image);
    return source ? [{ image, source }] : [];
  });
}
