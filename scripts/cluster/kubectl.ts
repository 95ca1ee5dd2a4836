import { existsSync } from "node:fs";
import { isOnPath } from "../engine/debian.ts";
import { kubeboxPath } from "./build-node-image.ts";

/** A program of this machine that is kubectl when its own name, `argv0`, is. */
export interface Kubectl {
  readonly file: string;
  readonly argv0: "kubectl";
}

/** The kubectl on the PATH, else the one that the node's image was built with; undefined where there is neither. */
export async function findKubectl(): Promise<Kubectl | undefined> {
  const argv0 = "kubectl";
  if (isOnPath(argv0)) return { file: argv0, argv0 };
  const file = await kubeboxPath();
  return existsSync(file) ? { file, argv0 } : undefined;
}
