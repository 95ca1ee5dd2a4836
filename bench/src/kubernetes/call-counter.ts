import { subscribe, unsubscribe } from "node:diagnostics_channel";

const CHANNEL = "http.client.request.start";

/** How many HTTP requests this process begins while `work` runs. */
export async function countCalls(work: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const count = (): void => void calls++;
  subscribe(CHANNEL, count);
  try {
    await work();
    return calls;
  } finally {
    unsubscribe(CHANNEL, count);
  }
}
