# Estimates pi on many processes: of the darts thrown at a square, pi/4 land in the circle inside it.
using Distributed
using JuliaRun

function darts_in_circle(darts)
    hits = 0
    for _ in 1:darts
        hits += rand()^2 + rand()^2 < 1
    end
    return hits
end

function estimate_pi(darts, rounds)
    hits = sum(pmap(_ -> darts_in_circle(darts), 1:rounds))
    return 4 * hits / (rounds * darts)
end

# 10^8 darts instead of 10^6 make this run for minutes.
function master(min_workers; darts = 10^6, rounds = 100)
    init_parallel(; topology = :master_slave, mode = :master)
    wait_for_workers(min_workers)
    println("running on ", nworkers(), " workers...")
    println("PI (estimated) = ", estimate_pi(darts, rounds))
end

worker() = init_parallel(; topology = :master_slave, mode = :worker)
