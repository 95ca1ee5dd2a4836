# The default of pmap was the default pool up to Julia 1.10, and is a CachingPool of all workers after.
const POOLS = ["default_worker_pool()", "CachingPool(workers())", "WorkerPool(workers())"]

"Kills the worker process that calls it, once: while the file is not there."
const KILL_ONCE = raw"""
@everywhere function die_once(mark)
    isfile(mark) && return
    touch(mark)
    ccall(:kill, Cint, (Cint, Cint), getpid(), 9)
    sleep(60)
end
"""

@testset "work goes on when a worker dies and another comes: $pool" for pool in POOLS
    job() do job
        died, replaced = repr(tempname()), repr(tempname())
        main = master(job, """
            wait_for_workers(2)
            $KILL_ONCE
            # Ends soon after the replacement, number 4, has had a turn.
            results = pmap($pool, 1:200) do x
                x == 5 && die_once($died)
                myid() == 4 && touch($replaced)
                isfile($replaced) || sleep(0.2)
                (x, myid())
            end
            println(first.(results) == 1:200)
            println(sort(unique(last.(results))))
            """)
        workers = [worker(job), worker(job)]
        @test until(() -> any(program -> process_exited(program.process), workers))
        # The replacement knows nothing of `die_once`, which was sent to the workers of then.
        replacement = start(job, :worker, "die_once(_) = nothing\ninit_parallel(mode = :worker)")
        @test exit_code(main) == 0
        @test occursin("true\n", main.output)
        @test occursin(r"\[(2, 4|3, 4|2, 3, 4)\]\n", main.output)
        @test exit_code(replacement) == 0
    end
end

@testset "the last worker's death is waited out, not worked around on the master" begin
    job() do job
        mark = tempname()
        main = master(job, """
            wait_for_workers(1)
            $KILL_ONCE
            println(pmap(x -> (die_once($(repr(mark))); myid()), 1:3))
            """)
        only_one = worker(job)
        @test exit_code(only_one) == -9
        @test says(main, "waiting for one to join")
        start(job, :worker, "die_once(_) = nothing\ninit_parallel(mode = :worker)")
        @test exit_code(main) == 0
        @test occursin("[3, 3, 3]\n", main.output)
    end
end

@testset "pmap waits for the replacement of a worker that died before" begin
    job() do job
        main = master(job, """
            wait_for_workers(1)
            remote_do(() -> ccall(:kill, Cint, (Cint, Cint), getpid(), 9), 2)
            while nprocs() > 1
                sleep(0.02)
            end
            println(pmap(_ -> myid(), 1:3))
            """)
        worker(job)
        @test says(main, "waiting for one to join")
        worker(job)
        @test exit_code(main) == 0
        @test occursin("[3, 3, 3]\n", main.output)
    end
end

@testset "workers that join take part in the pmap that runs: $pool" for pool in POOLS[1:2]
    job() do job
        mark = repr(tempname())
        main = master(job, """
            wait_for_workers(1)
            println("started")
            # Ends soon after the second worker has had a turn.
            results = pmap($pool, 1:200) do _
                myid() == 3 && touch($mark)
                isfile($mark) || sleep(0.2)
                myid()
            end
            println(sort(unique(results)))
            """)
        worker(job)
        @test says(main, "started")
        worker(job)
        @test exit_code(main) == 0
        @test occursin("[2, 3]\n", main.output)
    end
end

@testset "a call that kills its workers fails in the end" begin
    job() do job
        main = master(job, """
            wait_for_workers(3)
            try
                pmap(_ -> ccall(:kill, Cint, (Cint, Cint), getpid(), 9), 1:1)
            catch err
                println(typeof(err), " ", nprocs())
            end
            """)
        foreach(_ -> worker(job), 1:3)
        @test exit_code(main) == 0
        # The notes on stderr may come in the middle of the line.
        @test occursin(r"ProcessExitedException\s+1\s", main.output)
    end
end

@testset "errors of the program are not repeated" begin
    job() do job
        mark = tempname()
        main = master(job, """
            wait_for_workers(1)
            try
                pmap(_ -> (write(open($(repr(mark)), "a"), "x"); error("mine")), 1:1)
            catch err
                println(typeof(err))
            end
            """)
        worker(job)
        @test exit_code(main) == 0
        @test main.output == "RemoteException\n"
        @test filesize(mark) == 1
    end
end

@testset "without workers, and without a job, pmap is Julia's own" begin
    job() do job
        plain = master(job, "println(pmap(x -> x + myid(), 1:2), pmap(+, 1:2, 3:4))")
        ours = master(job, "init_parallel(); println(pmap(x -> x + myid(), 1:2), pmap(+, [1, 2], (3, 4)))")
        @test exit_code(plain) == 0 && exit_code(ours) == 0
        @test plain.output == ours.output == "[2, 3][4, 6]\n"
    end
end

@testset "pmap waits for the first worker when that is only just joining" begin
    job() do job
        main = master(job, """
            init_parallel()
            println("ready")
            while nprocs() == 1
                sleep(0.02)
            end
            println("connected")
            println(pmap(_ -> myid(), 1:3))
            """)
        says(main, "ready")
        # Takes the master's call, and never gets to the end of its join.
        port, slow = listenany(IPv4(127, 0, 0, 1), job.port + 1)
        control = connect(IPv4(127, 0, 0, 1), job.port)
        write(control, "a cookie        ", "julia_worker:$(Int(port))#127.0.0.1\n")
        link = accept(slow)
        says(main, "connected")
        worker(job)
        @test exit_code(main) == 0
        @test occursin("[3, 3, 3]\n", main.output)
        foreach(close, (link, control, slow))
    end
end
