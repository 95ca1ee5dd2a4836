import { join } from "node:path";
import { styleText } from "node:util";
import { ensureEngine } from "../engine/index.ts";
import { ensureJuliaImage } from "../images/index.ts";
import { Problem } from "../progress/problem.ts";
import { elapsed, lineProgress } from "../progress/progress.ts";
import { buildPackages, root } from "../workspace.ts";
import { DemoFolder } from "./demo-folder.ts";
import { Jrun } from "./jrun.ts";
import { helloParallel, helloWorld } from "./tour.ts";

const plan = `This quickstart
  1. builds jrun from this checkout;
  2. uses the Docker Engine that answers, or installs one on Debian (as root: packages docker.io, iptables);
  3. uses an image with Julia: julia:1 where a registry answers, else one made of Debian packages (mmdebstrap);
  4. runs the two Hello World programs of examples/ in the folder quickstart/, by the jrun commands shown.
Nothing else on this machine is changed.`;

async function quickstart(): Promise<void> {
  const startedMs = Date.now();
  const progress = lineProgress(process.stdout);
  const heading = (text: string) => progress.say(`\n${styleText("bold", `==> ${text}`)}`);
  progress.say(plan);

  heading("Preparing");
  await buildPackages(progress);
  const { docker } = await ensureEngine(progress);
  const demo = new DemoFolder(root);
  const configured = await demo.configuredImage();
  const image = await ensureJuliaImage(
    docker,
    process.env["JRUN_JULIA_IMAGE"] ?? configured,
    progress,
  );
  progress.say(`Julia image: ${image}`);

  const jrun = new Jrun(root, demo.path);
  await demo.create();
  if (configured !== image) {
    await jrun.run(
      "jrun",
      "init",
      "--image",
      image,
      ...(configured === undefined ? [] : ["--force"]),
    );
    await demo.setNamespace("quickstart");
  }
  await demo.placeExamples(join(root, "examples"), "helloworld", "helloparallel");
  // Of an earlier quickstart; the namespace is this demo's own.
  await jrun.run("jrun", "delete", "helloworld", "helloparallel", "--force", "--ignore-missing");

  heading("Hello World");
  await helloWorld(jrun);
  heading("Hello World in Parallel");
  await helloParallel(jrun);
  heading("What is there now");
  await jrun.run("jrun", "ls");
  progress.say(`
Done in ${elapsed(startedMs)}. Go on in the folder quickstart/:
  cd quickstart
  npx jrun logs helloparallel          # output of master and workers
  npx jrun run juliarun/helloworld/helloworld.jl
  npx jrun delete helloworld helloparallel
  npx jrun --help`);
}

try {
  await quickstart();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
