import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { TestJob } from "./test-job.ts";

const docker = inject("docker");
const RESTARTS = ["--restart", "on-failure:6"];

// The manual's program; only the number of darts and the pause are smaller.
const HELLO_PARALLEL = `using JuliaRun

function darts_in_circle(N)
    n = 0
    for i in 1:N
        if rand()^2 + rand()^2 < 1
            n += 1
        end
    end
    n
end
function estimate_pi(N, loops)
    n = sum(pmap((x)->darts_in_circle(N), 1:loops))
    4 * n / (loops * N)
end
function wait_for_workers(min_workers)
    init_parallel(; topology=:master_slave, mode=:master)
    while nworkers() < min_workers
        sleep(0.5)
    end
end
function master(min_workers, N=10^6, loops=100)
    println("running...")
    wait_for_workers(min_workers)
    est_pi = estimate_pi(N, loops)
    println("PI (estimated) = ", est_pi)
end
worker() = init_parallel(; topology=:master_slave, mode=:worker)
`;

describe.skipIf(!docker.available)("a parallel program in its containers", () => {
  let job: TestJob;

  beforeEach(async () => {
    job = await TestJob.create(docker.images.julia);
    await job.secret("cookie", "0123456789abcdef");
    await job.connect();
  });

  afterEach(async () => job[Symbol.asyncDispose]());

  async function master(code: string, options: readonly string[] = []) {
    const script = await job.file("master.jl", `using JuliaRun\n${code}`);
    return job.start({ script, docker: options });
  }

  /** A worker without a script of its own. */
  async function worker(index: number, options: readonly string[] = []) {
    const script = "/opt/juliarun/worker.jl";
    return job.start({ unit: `worker-${index}`, script, docker: options });
  }

  test("estimates pi, as in the manual", async () => {
    await job.file("helloparallel/helloparallel.jl", HELLO_PARALLEL);
    const main = await job.file(
      "helloparallel/master.jl",
      'include("helloparallel.jl")\nmaster(2)\n',
    );
    const other = await job.file(
      "helloparallel/worker.jl",
      'include("helloparallel.jl")\nworker()\n',
    );
    const units = await Promise.all([
      job.start({ script: main }),
      job.start({ script: other, unit: "worker-0" }),
      job.start({ script: other, unit: "worker-1" }),
    ]);
    // Workers whose master has succeeded end well, or the engine would start them again.
    expect(await Promise.all(units.map(async (unit) => unit.exit()))).toEqual([0, 0, 0]);
    expect(String(await job.log("master.stdout"))).toMatch(
      /^running\.\.\.\nPI \(estimated\) = 3\.14\d+\n$/,
    );
    for (const file of ["master.stderr", "worker-0.stdout", "worker-0.stderr", "worker-1.stdout"]) {
      expect(String(await job.log(file))).toBe("");
    }
  });

  test("finishes when a worker is killed in the middle and started again", async () => {
    const main = await master(`
      wait_for_workers(2)
      println("computing")
      println("sum ", sum(pmap(x -> (sleep(0.25); x), 1:40)), " by ", length(workers()))`);
    const [first] = await Promise.all([worker(0), worker(1)]);
    await main.says("computing");
    await first.signal("KILL");
    expect(await first.exit()).toBe(137);
    await first.start();
    expect(await main.exit()).toBe(0);
    expect(String(await job.log("master.stdout"))).toBe("computing\nsum 820 by 2\n");
    expect(await first.exit()).toBe(0);
  });

  test("finishes when the only worker is killed and comes back", async () => {
    const main = await master(`
      wait_for_workers(1)
      println("computing")
      println(sort(unique(pmap(_ -> (sleep(0.25); myid()), 1:8))))`);
    const only = await worker(0);
    await main.says("computing");
    await only.signal("KILL");
    await main.says("waiting for one to join");
    await only.start();
    expect(await main.exit()).toBe(0);
    // Not 1: the master waited, and did not do the work itself.
    expect(String(await job.log("master.stdout"))).toMatch(/^computing\n\[(2, )?3\]\n$/);
  });

  test("uses a worker that joins late", async () => {
    const main = await master(`
      wait_for_workers(1)
      println("computing")
      pmap(1:10^4) do _
          nprocs_seen = isfile("/mnt/juliarun/job/second")
          myid() == 3 && touch("/mnt/juliarun/job/second")
          nprocs_seen || sleep(0.1)
      end
      println("done")`);
    await worker(0);
    await main.says("computing");
    await worker(1);
    expect(await main.exit()).toBe(0);
    expect(String(await job.log("master.stdout"))).toBe("computing\ndone\n");
  });

  test("gets its workers back when the master is killed and started again", async () => {
    const main = await master(`
      second = isfile("before")
      touch("before")
      wait_for_workers(2)
      println(second ? "again" : "first")
      second || sleep(600)
      println(sum(pmap(identity, 1:10)))`);
    const workers = await Promise.all([worker(0, RESTARTS), worker(1, RESTARTS)]);
    await main.says("first");
    await main.signal("KILL");
    expect(await main.exit()).toBe(137);
    await main.start();
    expect(await main.exit()).toBe(0);
    expect(String(await job.log("master.stdout"))).toMatch(/^first\n---.*---\nagain\n55\n$/);
    expect(await Promise.all(workers.map(async (unit) => unit.exit()))).toEqual([0, 0]);
    expect(String(await job.log("worker-0.stderr"))).toContain("JuliaRun: the master is gone.\n");
  });

  test("ends workers with a failure when the master fails", async () => {
    const main = await master('wait_for_workers(1); error("oops")');
    const other = await worker(0);
    expect([await main.exit(), await other.exit()]).toEqual([1, 69]);
  });

  test("stops at once, master and busy worker", async () => {
    const main = await master(`
      wait_for_workers(2)
      @everywhere println("here")
      foreach(id -> remotecall(() -> (println("busy"); while true; end), id), workers())
      sleep(600)`);
    const [first, second] = await Promise.all([worker(0), worker(1)]);
    await Promise.all([first.says("busy"), second.says("busy")]);
    expect(await first.stop()).toBeLessThan(5000);
    expect(await first.exit()).toBe(143);
    expect(await main.stop()).toBeLessThan(5000);
    expect(await main.exit()).toBe(143);
    // It cannot look up from its computation, and must end all the same.
    expect(await second.exit()).not.toBe(0);
    expect(String((await first.output()).stdout)).toBe("here\nbusy\n");
  });

  test("turns away a worker with another cookie, and noise, without harm", async () => {
    const main = await master(
      'init_parallel(); println("ready"); wait_for_workers(1); println(nworkers())',
    );
    await main.says("ready");
    const impostor = await job.start({
      unit: "worker-9",
      script: "/opt/juliarun/worker.jl",
      secrets: false,
      env: { JRUN_CLUSTER_COOKIE: "another" },
    });
    expect(await impostor.exit()).toBe(69);
    expect(String((await impostor.output()).stderr)).toContain("did not accept this worker");
    await main.run("bash", "-c", "head -c 1000000 /dev/urandom >/dev/tcp/master/9009 || true");
    await worker(0);
    expect(await main.exit()).toBe(0);
    expect(String(await job.log("master.stdout"))).toBe("ready\n1\n");
    expect(String(await job.log("master.stderr"))).toContain("refused a connection from");
  });

  test("shows workers' output at the master on request", async () => {
    const main = await master(`
      wait_for_workers(1)
      remotecall_fetch(() -> (println("from there"); println(stderr, "and stderr")), 2)
      sleep(0.5)`);
    const script = await job.file(
      "worker.jl",
      "using JuliaRun; init_parallel(stdout_to_master = true)",
    );
    const other = await job.start({ unit: "worker-0", script });
    expect([await main.exit(), await other.exit()]).toEqual([0, 0]);
    expect(String(await job.log("master.stdout"))).toBe(
      "      From worker 2:\tfrom there\n      From worker 2:\tand stderr\n",
    );
    expect(String(await job.log("worker-0.stdout"))).toBe("");
  });
});
