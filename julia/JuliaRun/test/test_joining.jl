@testset "workers join, late or early, and compute" begin
    job() do job
        early = worker(job)
        main = master(job, """
            init_parallel()
            init_parallel()
            wait_for_workers()
            println("one")
            wait_for_workers(2)
            println(sort(unique(pmap(_ -> (sleep(0.1); myid()), 1:20))))
            try
                init_parallel(topology = :all_to_all)
            catch err
                println(err)
            end
            """)
        @test says(main, "one")
        late = worker(job)
        @test exit_code(main) == 0
        @test occursin("[2, 3]\n", main.output)
        @test occursin("ArgumentError", main.output)
        @test exit_code(early) == 0
        @test exit_code(late) == 0
        @test isempty(early.output)
    end
end

@testset "wait_for_workers alone is enough" begin
    job() do job
        main = master(job, "wait_for_workers(); println(nprocs())"; JRUN_MIN_WORKERS = 2)
        worker(job)
        worker(job)
        @test exit_code(main) == 0
        @test main.output == "3\n"
    end
end

@testset "workers of all_to_all reach each other" begin
    job() do job
        main = master(job, """
            init_parallel(topology = :all_to_all)
            wait_for_workers(2)
            println(remotecall_fetch(() -> remotecall_fetch(myid, 3), 2))
            """)
        worker(job)
        worker(job)
        @test exit_code(main) == 0
        @test main.output == "3\n"
    end
end

@testset "output of workers" begin
    speak = """
        wait_for_workers(1)
        remotecall_fetch(() -> (println("to stdout"); println(stderr, "to stderr")), 2)
        sleep(0.5)
        """
    job() do job
        main = master(job, speak)
        own = worker(job)
        @test exit_code(main) == 0
        @test exit_code(own) == 0
        @test main.output == ""
        @test occursin("to stdout\n", own.output) && occursin("to stderr\n", own.output)
    end
    job() do job
        main = master(job, speak)
        own = worker(job; arguments = ", stdout_to_master = true")
        @test exit_code(main) == 0
        @test exit_code(own) == 0
        @test occursin("From worker 2:\tto stdout\n", main.output)
        @test occursin("From worker 2:\tto stderr\n", main.output)
        @test own.output == ""
    end
end

@testset "a worker waits for its master, and says so at the end" begin
    job() do job
        waiting = worker(job)
        hopeless = worker(job; arguments = ", connect_retries = 1", JRUN_MASTER_PORT = 1)
        @test exit_code(hopeless) == JuliaRun.MASTER_UNAVAILABLE
        @test occursin(r"cannot reach the master at 127.0.0.1:1 after 2 attempts: .*ECONNREFUSED", hopeless.output)
        main = master(job, "wait_for_workers(1); println(\"joined\")")
        @test exit_code(main) == 0
        @test exit_code(waiting) == 0
    end
end
