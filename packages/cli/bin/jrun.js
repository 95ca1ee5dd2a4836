#!/usr/bin/env node
// Plain JavaScript that an old Node can read: it finds a Node that can run the rest.
import process from "node:process";

const neededMajor = 24;

if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
  const { start } = await import("./start.js");
  await start();
} else {
  const { reexecute } = await import("./reexecute.js");
  reexecute(neededMajor);
}
