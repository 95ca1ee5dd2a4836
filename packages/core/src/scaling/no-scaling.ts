import { ManagerError } from "../errors/manager-error.ts";
import type { CloudScaler, NodeGroupSize } from "./cloud-scaler.ts";

const refuse = (): Promise<never> =>
  Promise.reject(
    new ManagerError("CAPABILITY_UNSUPPORTED", "The nodes of this cluster are not scaled.", {
      hint: 'Set "scalingtype" and "kuberscaler" in the configuration.',
    }),
  );

/** Nodes as they are: nothing is added or removed, and whoever asks for it hears so. */
export class NoScaling implements CloudScaler {
  readonly enabled = false;

  size(): Promise<NodeGroupSize> {
    return refuse();
  }

  resize(): Promise<void> {
    return refuse();
  }

  remove(): Promise<void> {
    return refuse();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
