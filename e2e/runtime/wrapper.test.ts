import { access, chmod, readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, inject, test } from "vitest";
import { TestJob, type UnitOptions } from "./test-job.ts";

const docker = inject("docker");
const { julia, busybox } = docker.images;
const LINES = 100_000;

// The wrapper runs in images that are not ours, so in the shells that they have.
const shells = [
  { name: "dash", image: julia, sh: ["/bin/sh"] },
  { name: "bash as sh", image: julia, sh: ["/bin/bash", "--posix"] },
  { name: "busybox", image: busybox, sh: ["/bin/sh"] },
];

describe.skipIf(!docker.available).each(shells)(
  "the wrapper under $name",
  { concurrent: true },
  ({ image, sh }) => {
    /** Runs a shell script of the user's as the unit's program, from a file of the unit's own: another unit may still read its one. */
    async function start(job: TestJob, program: string, options: UnitOptions = {}) {
      const shell = `program-${options.unit ?? "master"}.sh`;
      await job.file(shell, program);
      return job.start({ shell, sh, ...options });
    }

    test("keeps exit codes, also those of signals", async () => {
      await using job = await TestJob.create(image);
      const codes = [
        "exit 0",
        "exit 7",
        "exit 127",
        "exit 255",
        "kill -s KILL $$",
        "kill -s TERM $$",
      ];
      const exits = codes.map(async (program, index) => {
        await job.file(`program-${index}.sh`, program);
        const unit = await job.start({ shell: `program-${index}.sh`, sh, unit: `worker-${index}` });
        return unit.exit();
      });
      expect(await Promise.all(exits)).toEqual([0, 7, 127, 255, 137, 143]);
    });

    test("writes both streams to the engine's log and to files, apart", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, "echo to stdout; echo to stderr >&2");
      expect(await unit.exit()).toBe(0);
      const { stdout, stderr } = await unit.output();
      expect([String(stdout), String(stderr)]).toEqual(["to stdout\n", "to stderr\n"]);
      expect(String(await job.log("master.stdout"))).toBe("to stdout\n");
      expect(String(await job.log("master.stderr"))).toBe("to stderr\n");
    });

    test("changes no byte and adds no newline", async () => {
      await using job = await TestJob.create(image);
      const bytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) % 256));
      await job.file("bytes", bytes);
      const unit = await start(job, "cat ../bytes; printf 'no newline' >&2");
      expect(await unit.exit()).toBe(0);
      expect(await job.log("master.stdout")).toEqual(bytes);
      expect(String(await job.log("master.stderr"))).toBe("no newline");
      expect((await unit.output()).stdout).toEqual(bytes);
    });

    test("loses and reorders nothing of many lines on both streams, not even at the end", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, `seq 1 ${LINES} >&2 & seq 1 ${LINES}; wait`);
      expect(await unit.exit()).toBe(0);
      const expected = Array.from({ length: LINES }, (_, index) => `${index + 1}\n`).join("");
      const { stdout, stderr } = await unit.output();
      const copies = [
        stdout,
        stderr,
        await job.log("master.stdout"),
        await job.log("master.stderr"),
      ];
      // Not by toEqual: its message would be megabytes.
      expect(copies.map((copy) => String(copy) === expected)).toEqual([true, true, true, true]);
    });

    test("waits until slow copiers have written everything", async () => {
      await using job = await TestJob.create(image);
      await job.file("slow/tee", '#!/bin/sh\nsleep 3\nPATH=/usr/bin:/bin exec tee "$@"\n');
      await chmod(job.path("slow/tee"), 0o755);
      const unit = await start(job, "seq 1 5000; echo end >&2", {
        env: { PATH: "/mnt/juliarun/slow:/usr/bin:/bin" },
      });
      expect(await unit.exit()).toBe(0);
      expect(String(await job.log("master.stdout"))).toMatch(/\n4999\n5000\n$/);
      expect(String(await job.log("master.stderr"))).toBe("end\n");
    });

    test("shows a line while the program still runs", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(
        job,
        "echo first; until [ -e go ]; do sleep 0.05; done; echo second",
      );
      await unit.says("first");
      await until(async () => String(await job.log("master.stdout")) === "first\n");
      await job.file("job/go", "");
      expect(await unit.exit()).toBe(0);
      expect(String(await job.log("master.stdout"))).toBe("first\nsecond\n");
    });

    test.each(["TERM", "HUP"])("forwards SIG%s at once", async (signal) => {
      await using job = await TestJob.create(image);
      const unit = await start(
        job,
        `trap 'echo got ${signal}; exit 3' ${signal}; echo ready; while :; do sleep 0.05; done`,
      );
      await unit.says("ready");
      await unit.signal(signal);
      expect(await unit.exit()).toBe(3);
      expect(String(await job.log("master.stdout"))).toBe(`ready\ngot ${signal}\n`);
    });

    test("reaches the program under a startup shell that did not exec it", async () => {
      await using job = await TestJob.create(image);
      await job.file(
        "inner.sh",
        "trap 'echo got it; exit 0' TERM; echo ready; while :; do sleep 0.05; done",
      );
      const unit = await start(job, "/bin/sh ../inner.sh\nexit 5");
      await unit.says("ready");
      expect(await unit.stop()).toBeLessThan(5000);
      await until(async () => String(await job.log("master.stdout")) === "ready\ngot it\n");
      expect([5, 143]).toContain(await unit.exit());
    });

    test("waits for a program that takes its time to stop, with its exit code", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(
        job,
        "trap 'echo stopping; sleep 1; echo stopped; exit 9' TERM; echo ready; while :; do sleep 0.05; done",
      );
      await unit.says("ready");
      await unit.signal("TERM");
      await unit.says("stopping");
      // A second one must not end the wait either.
      await unit.signal("TERM");
      expect(await unit.exit()).toBe(9);
      expect(String(await job.log("master.stdout"))).toContain("stopped\n");
    });

    test("does not hang on a daemon that keeps the output open, and loses nothing", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, `(sleep 600) & seq 1 1000; exit 4`);
      const started = performance.now();
      expect(await unit.exit()).toBe(4);
      expect(performance.now() - started).toBeLessThan(8000);
      expect(String(await job.log("master.stdout")).split("\n")).toHaveLength(1001);
    });

    test("does not hang on a daemon under an init process either", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, "(sleep 600) & echo done; exit 4", { docker: ["--init"] });
      const started = performance.now();
      expect(await unit.exit()).toBe(4);
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(String(await job.log("master.stdout"))).toBe("done\n");
    });

    test("runs on when the log folder cannot be written, and says so once", async () => {
      await using job = await TestJob.create(image);
      await job.file("job/log", "a file where the folder should be");
      await job.own("job");
      const unit = await start(job, "echo runs; exit 6");
      expect(await unit.exit()).toBe(6);
      const { stdout, stderr } = await unit.output();
      expect(String(stdout)).toBe("runs\n");
      expect(String(stderr).match(/cannot write .*job\/log\/master/g)).toHaveLength(1);
    });

    test("runs on when the working folder cannot be made", async () => {
      await using job = await TestJob.create(image);
      await job.file("job", "a file where the folder should be");
      const unit = await start(job, "echo runs; exit 6");
      expect(await unit.exit()).toBe(6);
      const { stdout, stderr } = await unit.output();
      expect(String(stdout)).toBe("runs\n");
      expect(String(stderr).trimEnd().split("\n")).toEqual([
        expect.stringContaining("cannot use the working folder /mnt/juliarun/job"),
      ]);
    });

    test("keeps the output of three earlier submits", async () => {
      await using job = await TestJob.create(image);
      for (const uid of ["a", "b", "c", "d", "e"]) {
        const unit = await start(job, `echo ${uid}; echo ${uid} >&2`, { uid });
        expect(await unit.exit()).toBe(0);
      }
      const names = await readdir(job.path("job/log"));
      const visible = names.filter((name) => !name.startsWith(".")).toSorted();
      const expected = ["", ".1", ".2", ".3"].map((suffix) => `master.stdout${suffix}`);
      expect(visible.filter((name) => name.startsWith("master.stdout"))).toEqual(expected);
      const contents = expected.map(async (name) => String(await job.log(name)));
      expect(await Promise.all(contents)).toEqual(["e\n", "d\n", "c\n", "b\n"]);
      expect(String(await job.log("master.stderr.3"))).toBe("b\n");
    });

    test("goes on in its files when it is started again, after a mark on a line of its own", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, "printf partial; echo whole >&2; exit 1");
      await unit.exit();
      await unit.start();
      await unit.exit();
      const mark = "--- juliarun: started again at [-0-9]+T[0-9:]+Z ---";
      expect(String(await job.log("master.stdout"))).toMatch(
        new RegExp(`^partial\n${mark}\npartial$`),
      );
      expect(String(await job.log("master.stderr"))).toMatch(
        new RegExp(`^whole\n${mark}\nwhole\n$`),
      );
      const { stdout, stderr } = await unit.output();
      expect([String(stdout), String(stderr)]).toEqual(["partialpartial", "whole\nwhole\n"]);
    });

    test("gives a shell of the user's its arguments and environment", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(
        job,
        'echo "$JRUN_START_SCRIPT $JRUN_EXECUTABLE $PWD"; for a; do echo "[$a]"; done',
        {
          script: "/mnt/juliarun/x.jl",
          args: ["one", "two words", "*"],
        },
      );
      expect(await unit.exit()).toBe(0);
      expect(String((await unit.output()).stdout)).toBe(
        "/mnt/juliarun/x.jl julia /mnt/juliarun/job\n[one]\n[two words]\n[*]\n",
      );
    });

    test("runs a shell of the user's with the interpreter that it names", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, "#!/bin/cat\nthe script's own text\n");
      expect(await unit.exit()).toBe(0);
      expect(String((await unit.output()).stdout)).toBe("#!/bin/cat\nthe script's own text\n");
    });

    test("finds a shell on the run volume, by its path, or among the built-in ones", async () => {
      await using job = await TestJob.create(image);
      await job.file("master.sh", "echo on the volume");
      const onVolume = await job.start({ sh });
      await job.file("else/where.sh", "echo elsewhere");
      const byPath = await job.start({
        sh,
        shell: "/mnt/juliarun/else/where.sh",
        unit: "worker-1",
      });
      const builtIn = await job.start({
        sh,
        unit: "worker-2",
        env: { JRUN_EXECUTABLE: "echo" },
        script: "/etc/passwd",
      });
      await Promise.all([onVolume.exit(), byPath.exit(), builtIn.exit()]);
      const outputs = [onVolume, byPath, builtIn].map(async (unit) =>
        String((await unit.output()).stdout),
      );
      expect(await Promise.all(outputs)).toEqual([
        "on the volume\n",
        "elsewhere\n",
        "/etc/passwd\n",
      ]);
    });

    test("says what is missing, also in the job's log", async () => {
      await using job = await TestJob.create(image);
      const cases = [
        {
          options: { shell: "nope.sh" },
          code: 127,
          message: /no startup shell 'nope.sh'.*\/mnt\/juliarun\/nope.sh/,
        },
        { options: { shell: "/no/shell" }, code: 127, message: /no startup shell '\/no\/shell'/ },
        {
          options: { script: "/mnt/juliarun/gone.jl" },
          code: 127,
          message: /start script \/mnt\/juliarun\/gone.jl does not exist/,
        },
        {
          options: { script: "/mnt/juliarun/secret.jl" },
          code: 126,
          message: /secret.jl cannot be read by user \d+/,
        },
        { options: {}, code: 127, message: /JRUN_START_SCRIPT is not set/ },
        {
          options: { script: "/etc/passwd", env: { JRUN_EXECUTABLE: "no-julia" } },
          code: 127,
          message: /no executable no-julia/,
        },
      ];
      await job.file("secret.jl", "");
      await chmod(job.path("secret.jl"), 0o000);
      for (const [index, { options, code, message }] of cases.entries()) {
        const unit = await job.start({ sh, unit: `worker-${index}`, ...options });
        expect(await unit.exit()).toBe(code);
        expect(String((await unit.output()).stderr)).toMatch(message);
        expect(String(await job.log(`worker-${index}.stderr`))).toMatch(message);
      }
    });

    test("exports the cookie, a home that can be written, and paths of named parts", async () => {
      await using job = await TestJob.create(image);
      await job.secret("cookie", "0123456789abcdef\n");
      const unit = await start(
        job,
        'echo "$JRUN_CLUSTER_COOKIE"; touch "$HOME/x" && echo "$HOME"; echo "$JULIA_DEPOT_PATH"; echo "$JULIA_LOAD_PATH"',
        {
          env: {
            HOME: "/",
            JULIA_LOAD_PATH: ":/mine:",
            JRUN_PKG_BUNDLE: "/mnt/bundle",
            JRUN_EXECUTABLE: "sh",
          },
        },
      );
      expect(await unit.exit()).toBe(0);
      const [cookie, home, depots, loadPath] = String((await unit.output()).stdout).split("\n");
      expect(cookie).toBe("0123456789abcdef");
      expect(home).toMatch(/^\/.+/);
      expect(depots?.split(":").slice(0, 2)).toEqual([`${home}/.julia`, "/mnt/bundle"]);
      expect(depots).not.toMatch(/^:|::|:$/);
      expect(loadPath).toBe("/mine:@:@v#.#:@stdlib:/mnt/bundle:/opt/juliarun/julia");
    });

    test("keeps a depot of the user's first, unless it cannot be written", async () => {
      await using job = await TestJob.create(image);
      const program = 'echo "$JULIA_DEPOT_PATH"';
      const usable = await start(job, program, {
        env: { JULIA_DEPOT_PATH: "/mnt/juliarun/depot:" },
      });
      const unusable = await start(job, program, {
        unit: "worker-1",
        env: { JULIA_DEPOT_PATH: "/proc/depot" },
      });
      await Promise.all([usable.exit(), unusable.exit()]);
      expect(String((await usable.output()).stdout)).toMatch(/^\/mnt\/juliarun\/depot(:|\n)/);
      expect(String((await unusable.output()).stdout)).toMatch(
        /^\/[^:]*\/\.julia:\/proc\/depot(:|\n)/,
      );
      await access(job.path("depot"));
    });

    test("leaves nothing of its own behind in the working folder", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, "ls -A");
      expect(await unit.exit()).toBe(0);
      expect(String((await unit.output()).stdout)).toBe("log\n");
    });
  },
);

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await delay(20);
}
