import { findKubectl } from "@juliarun/scripts/cluster";
import { execa } from "execa";

/** A `kubectl proxy` on this machine: whoever asks it has the rights of its kubeconfig. Disposing of it ends it. */
export class KubectlProxy implements AsyncDisposable {
  readonly address: string;
  readonly #end: () => Promise<void>;

  private constructor(address: string, end: () => Promise<void>) {
    this.address = address;
    this.#end = end;
  }

  /** On a free port. Resolves when it listens. */
  static async start(kubeconfig: string): Promise<KubectlProxy> {
    const kubectl = await findKubectl();
    if (!kubectl) throw new Error("There is no kubectl.");
    const { file, argv0 } = kubectl;
    const running = execa(file, ["--kubeconfig", kubeconfig, "proxy", "--port=0"], {
      argv0,
      stdin: "ignore",
      reject: false,
    });
    const { promise, resolve } = Promise.withResolvers<string>();
    let output = "";
    running.stdout.setEncoding("utf8");
    running.stdout.on("data", (text) => {
      output += String(text);
      const found = /^Starting to serve on (\S+)\n/m.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    const ended = running.then(({ stderr }) => {
      throw new Error(`kubectl proxy ended: ${stderr}`);
    });
    const address = await Promise.race([promise, ended]);
    return new KubectlProxy(`http://${address}`, async () => {
      running.kill();
      await running;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}

/** Why there can be none; undefined where it can. */
export async function whyNoKubectl(): Promise<string | undefined> {
  return (await findKubectl()) === undefined ? "there is no kubectl here" : undefined;
}
