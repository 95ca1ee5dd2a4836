import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun storage` */
export function addStorage(program: Command, runner: Runner): void {
  const storage = program
    .command("storage")
    .description("Prepare a Kubernetes cluster for the configured volumes.");
  addGlobalOptions(storage);
  const apply = storage
    .command("apply")
    .description(
      "Make the PersistentVolumes and claims of nfs, glusterfs, azurefs, azuredisk, gce and ebs volumes, which needs an administrator's rights. May be repeated.",
    )
    .argument("[volume...]", "names of volumes (default: all of these kinds)")
    .option("--dry-run", "only show what would be made; the cluster is not asked")
    .addOption(outputOption("table", "json", "yaml"));
  addGlobalOptions(apply);
  addExamples(apply, [
    ["jrun storage apply", "make what all volumes need"],
    ["jrun storage apply data --dry-run -o yaml", "show the objects, for kubectl apply -f -"],
  ]);
  apply.action(
    runner.run(async (session, self) =>
      (await import("../actions/storage.ts")).applyStorage(session, self),
    ),
  );
}
