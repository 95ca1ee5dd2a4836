import { metricsServerImage } from "./versions.ts";

/** The images that a built node carries, and the Dockerfile's targets that make them. */
export const partImages = {
  component: "jrun/kube-component:latest",
  coredns: "jrun/kube-coredns:latest",
  "metrics-server": "jrun/kube-metrics-server:latest",
  pause: "jrun/kube-pause:latest",
} as const;

/**
 * The node's table of image names: a line for each official name that `kubeadm config images list` printed, behind the
 * image that stands for it.
 */
export function imageNames(kubeadmList: string): string {
  const official = kubeadmList.split("\n").filter((line) => line !== "");
  const rows = [...official, metricsServerImage].map((name) => `docker.io/${part(name)} ${name}\n`);
  return rows.join("");
}

function part(official: string): string {
  const name = /([^/:]+):[^/]+$/.exec(official)?.[1];
  switch (name) {
    case "coredns":
    case "metrics-server":
    case "pause":
      return partImages[name];
    default:
      return partImages.component;
  }
}
