import type { Jrun } from "./jrun.ts";

/** Hello World, as in the manual's first chapter. */
export async function helloWorld(jrun: Jrun): Promise<void> {
  const script = "/mnt/juliarun/helloworld/helloworld.jl";
  const parameters = ["--start-script", script, "--run-volume", "juliarun"];
  await jrun.run("jrun", "submit", "JuliaBatch", "helloworld", ...parameters);
  await jrun.run("jrun", "wait", "helloworld");
  await jrun.run("jrun", "status", "helloworld");
  await jrun.run("jrun", "logs", "helloworld");
}

/** Hello World in Parallel, as in the second: a master and two workers. */
export async function helloParallel(jrun: Jrun): Promise<void> {
  const folder = "/mnt/juliarun/helloparallel";
  const scripts = [
    "--start-script",
    `${folder}/master.jl`,
    "--worker-start-script",
    `${folder}/worker.jl`,
  ];
  const workers = ["--nworkers", "2", "--min-workers", "2"];
  const parameters = [...scripts, "--run-volume", "juliarun", ...workers];
  await jrun.run("jrun", "submit", "JuliaParBatch", "helloparallel", ...parameters);
  await jrun.run("jrun", "wait", "helloparallel");
  await jrun.run("jrun", "logs", "helloparallel");
  await jrun.run("cat", "juliarun/helloparallel/log/master.stdout");
}
