"""
What a Julia program uses inside a JuliaRun job: [`init_parallel`](@ref) and
[`wait_for_workers`](@ref). `using JuliaRun` also brings in everything that `Distributed` exports
(`pmap`, `nworkers`, `@everywhere`, …).
"""
module JuliaRun

using Distributed, Sockets

# Nothing here runs long: compiling quickly lets workers join sooner.
Base.Experimental.@optlevel 0

export init_parallel, wait_for_workers
for name in names(Distributed)
    name === :Distributed || @eval export $name
end

# EX_UNAVAILABLE: a failure for the engine, which then starts the worker again.
const MASTER_UNAVAILABLE = 69

note(message) = println(stderr, "JuliaRun: ", message)

include("environment.jl")
include("network.jl")
include("ending.jl")
include("pools.jl")
include("master.jl")
include("watch.jl")
include("worker.jl")

"""
    init_parallel(; topology = :master_slave, mode = …, stdout_to_master = false, connect_retries = 10)

Make this process the master of its job's workers, or one of the workers.

- `topology`: who is connected to whom: `:master_slave` (the same as Julia's `:master_worker`),
  `:all_to_all` or `:custom`. Set by the master.
- `mode`: `:master` or `:worker`; by default what `JRUN_ROLE` says, else `:master`.
- `stdout_to_master`: a worker's stdout and stderr appear in the master's stdout instead of the
  worker's own log. Set by the worker.
- `connect_retries`: how often a worker tries again when the master cannot be reached. The pauses
  grow from half a second to 15 seconds; the default of 10 takes one and a half minutes.

A master returns at once and accepts workers from then on, whenever they come; calling it again
changes nothing. See [`wait_for_workers`](@ref).

A worker never returns. It ends with exit code $MASTER_UNAVAILABLE, a failure, when it cannot reach
its master or loses it, so that it is started again and joins the restarted master. It ends with 0
when the master's program has succeeded or has called `rmprocs`.

Work given to any worker (`pmap`, `remotecall_fetch(f, pool, …)`) survives the death of a worker: it
is done again by another one, and the worker's replacement takes its place. So a call may run more
than once; one whose worker dies $MAX_DEATHS times fails. Work given to one worker by its number, and
`@distributed`, fail with it, as in plain Julia.
"""
function init_parallel(; topology::Symbol = :master_slave, mode::Symbol = role(),
                       stdout_to_master::Bool = false, connect_retries::Integer = 10)
    topology = julia_topology(topology)
    if mode === :master
        start_master(topology)
    elseif mode === :worker
        run_worker(stdout_to_master, connect_retries)
    else
        throw(ArgumentError("mode is :master or :worker, not :$mode"))
    end
    nothing
end

"""
    wait_for_workers(min_workers = JRUN_MIN_WORKERS)

Return when at least `min_workers` workers have joined this master; by default as many as the job
was submitted with (`JRUN_MIN_WORKERS`), or one. Calls [`init_parallel`](@ref) if the program has not.
"""
function wait_for_workers(min_workers::Integer = minimum_workers())
    MASTER[] === nothing && start_unless_other_manager()
    while ready_workers() < min_workers
        sleep(0.05)
    end
end

end
