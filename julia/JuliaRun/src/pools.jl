# Stock pmap fails as a whole when one worker dies. All of it goes through `remotecall_pool`: a call to
# "any worker of this pool". The methods below make such a call survive, for programs whose master is ours.

"How often the worker may die under one call: a call that kills its worker must not run for ever."
const MAX_DEATHS = 3

mutable struct PoolState
    "Workers that died and have not been replaced."
    lost::Int
    "Whether newcomers join, because the pool held every worker."
    follows::Bool
end

const POOLS = WeakKeyDict{AbstractWorkerPool,PoolState}()
"Guards POOLS and tells of joined workers."
const POOLS_CHANGED = Threads.Condition()

const StockPool = Union{WorkerPool,CachingPool}

if isdefined(Distributed, :remotecall_pool)
    function Distributed.remotecall_pool(fetch::typeof(remotecall_fetch), f, pool::WorkerPool, args...; kwargs...)
        surviving(pool) do
            invoke(Distributed.remotecall_pool, Tuple{Any,Any,AbstractWorkerPool,Vararg{Any}},
                   fetch, f, pool, args...; kwargs...)
        end
    end

    function Distributed.remotecall_pool(fetch::typeof(remotecall_fetch), f, pool::CachingPool, args...; kwargs...)
        surviving(pool) do
            invoke(Distributed.remotecall_pool, Tuple{Any,Any,CachingPool,Vararg{Any}},
                   fetch, f, pool, args...; kwargs...)
        end
    end
end

# With no worker at all, stock pmap computes on the master. That is right for a program that has none, not for
# one whose workers are just being replaced.
const StockCollection = Union{AbstractArray,Base.Iterators.Zip,Base.Generator}

function Distributed.pmap(f, collection::StockCollection; distributed = true, kwargs...)
    if distributed && MASTER[] !== nothing && nprocs() == 1
        pool = default_worker_pool()
        pool isa StockPool && wait_for_member(pool, pool_state(pool))
    end
    invoke(pmap, Tuple{Any,Any}, f, collection; distributed = distributed, kwargs...)
end

function surviving(call, pool)
    MASTER[] === nothing && return call()
    state = pool_state(pool)
    deaths = 0
    while true
        wait_for_member(pool, state)
        try
            return call()
        catch err
            worker_died(err) || rethrow()
            deaths += 1
            deaths < MAX_DEATHS || rethrow()
            # A failed write comes before the reading side notices the death; the pool still has the worker.
            err isa ProcessExitedException || sleep(0.2)
        end
    end
end

# Errors of the called function arrive as RemoteException: these come from the connection.
worker_died(err) = err isa ProcessExitedException || err isa Base.IOError

function pool_state(pool::StockPool)
    lock(POOLS_CHANGED)
    try
        get!(POOLS, pool) do
            dead = setdiff(pool.workers, procs())
            setdiff!(pool.workers, dead)
            # Newer Julia's pmap makes a CachingPool of all workers where older ones used the default pool.
            follows = pool isa CachingPool && issubset(workers(), pool.workers)
            PoolState(length(dead), follows)
        end
    finally
        unlock(POOLS_CHANGED)
    end
end

# An emptied default pool would let the master do the work, which may be what killed the workers.
function wait_for_member(pool, state)
    lock(POOLS_CHANGED)
    try
        told = false
        while state.lost > 0 && isempty(pool.workers)
            told || note("all workers of a pool are gone; waiting for one to join.")
            told = true
            wait(POOLS_CHANGED)
        end
    finally
        unlock(POOLS_CHANGED)
    end
end

# `nworkers()` counts a worker as soon as it is connected, the default pool only when it has joined: a pmap in
# between would not use it, and with no other worker compute on the master. Reserved, it is waited for.
function worker_joining(id)
    pool = default_worker_pool()
    pool isa WorkerPool || return
    pool_state(pool)
    push!(pool.workers, id)
end

function worker_joined(id)
    lock(POOLS_CHANGED)
    try
        for (pool, state) in POOLS
            if state.follows || state.lost > 0
                id in pool.workers || push!(pool, id)
                state.lost = max(0, state.lost - 1)
            end
        end
        notify(POOLS_CHANGED)
    finally
        unlock(POOLS_CHANGED)
    end
end

function worker_left(id, replaced::Bool)
    lock(POOLS_CHANGED)
    try
        for (pool, state) in POOLS
            id in pool.workers || continue
            delete!(pool.workers, id)
            replaced && (state.lost += 1)
        end
    finally
        unlock(POOLS_CHANGED)
    end
end
