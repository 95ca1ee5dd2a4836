/** Why a job or unit is in its phase: the same words on every backend. */
export const REASONS = {
  Running: "Running.",
  Succeeded: "Ended with exit code 0.",
  NoUnits: "The job has no units: it was scaled to 0.",
  WaitingForResources: "Queued until CPU, memory or GPUs are free.",
  WaitingForDependency: "Waits for another job.",
  WaitingForMaster: "Waits until the master runs.",
  Starting: "The engine is starting it.",
  PullingImage: "The image is being pulled.",
  Restarting: "Failed and is being started again.",
  NotReady: "Runs, and does not answer yet.",
  Updating: "Its units are being replaced, one after another.",
  UpdateStopped: "A new unit does not work: the others are left as they are.",
  BeingDeleted: "The job is being deleted.",
  ExitCode: "The program ended with a non-zero exit code.",
  OutOfMemory: "Killed because it needed more memory than it may have.",
  ImageNotFound: "The image does not exist or cannot be pulled.",
  StartFailed: "The engine could not start it.",
  PortTaken: "A host port that it needs is taken.",
  VolumeUnavailable: "A volume could not be mounted.",
  NeverFits: "No node is large enough.",
  QuotaExceeded: "A quota does not allow it.",
  Stopped: "Stopped because it was no longer wanted.",
  DeadlineExceeded: "Ran longer than its maximum run time.",
  StartTimeout: "Did not start in time.",
  DependencyFailed: "A job that it waits for failed or is gone.",
  Evicted: "Removed by the engine, for want of room or for what it used.",
  Vanished: "Its container was removed by somebody before its outcome was known.",
} as const;

/** A key of {@link REASONS}. */
export type ReasonCode = keyof typeof REASONS;
