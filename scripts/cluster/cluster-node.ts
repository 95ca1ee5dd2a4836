import { execa } from "execa";
import { Problem } from "../progress/problem.ts";
import { command } from "./command.ts";

/** The only node of a kind cluster of this project: a container, which has kubectl and containerd. */
export class ClusterNode {
  readonly container: string;

  constructor(cluster: string) {
    this.container = `${cluster}-control-plane`;
  }

  /** Runs a program in the node; returns what it wrote. */
  run(args: readonly string[], purpose: string, input?: string): Promise<string> {
    const words = ["exec", ...(input === undefined ? [] : ["-i"]), this.container, ...args];
    return command("docker", words, { purpose, ...(input === undefined ? {} : { input }) });
  }

  /** Runs kubectl as the cluster's administrator. */
  kubectl(args: readonly string[], purpose: string, input?: string): Promise<string> {
    const kubectl = ["kubectl", "--kubeconfig=/etc/kubernetes/admin.conf"];
    return this.run([...kubectl, ...args], purpose, input);
  }

  /** Copies an image from the Docker Engine, unless the node has this very one. Returns the name to use in pods. */
  async loadImage(image: string): Promise<string> {
    const id = await command("docker", ["image", "inspect", "--format", "{{.Id}}", image], {
      purpose: `Looking for the image ${image}`,
    });
    const name = fullName(image);
    const images = ["ctr", "--namespace", "k8s.io", "images"];
    const known = await this.run([...images, "ls", `name==${name}`], "Listing the node's images");
    if (known.includes(`${idLabel}=${id}`)) return name;
    const copied = await execa("docker", ["save", image], {
      stdin: "ignore",
      buffer: { stdout: false },
      reject: false,
    }).pipe("docker", ["exec", "-i", this.container, ...images, "import", "-"], { reject: false });
    if (copied.failed) {
      throw new Problem(`Loading ${image} into the cluster failed:\n${copied.stderr}`);
    }
    await this.run([...images, "label", name, `${idLabel}=${id}`], "Labelling the image");
    return name;
  }
}

// Which of the Docker Engine's images a name stood for when it was copied.
const idLabel = "juliarun.image";

/** An image's name with its registry, as containerd keeps it. */
export function fullName(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const withTag = /:[^/]+$/.test(image) ? image : `${image}:latest`;
  if (rest.length === 0) return `docker.io/library/${withTag}`;
  const isRegistry = first.includes(".") || first.includes(":") || first === "localhost";
  return isRegistry ? withTag : `docker.io/${withTag}`;
}
