// A published package carries a copy of the Julia package, which lives elsewhere in the repository.
import { cpSync, rmSync } from "node:fs";
import { basename } from "node:path";

if (process.argv[2] === "copy") {
  cpSync("../../julia/JuliaRun", "julia/JuliaRun", {
    recursive: true,
    filter: (path) => basename(path) !== "test",
  });
} else {
  rmSync("julia", { recursive: true });
}
