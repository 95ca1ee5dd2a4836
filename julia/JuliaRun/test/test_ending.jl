@testset "how a worker ends" begin
    endings = [
        ("the master succeeds", "", 0),
        ("the master calls exit(0)", "exit(0)", VERSION >= v"1.9" ? 0 : 69),
        ("the master fails", "error(\"oops\")", 69),
        ("the master exits with a code", "exit(3)", 69),
        ("the master is killed", "ccall(:kill, Cint, (Cint, Cint), getpid(), 9)", 69),
        ("the master removes it", "rmprocs(2); sleep(60)", 0),
    ]
    @testset "$name" for (name, code, expected) in endings
        job() do job
            main = master(job, "wait_for_workers(1); println(\"joined\"); " * code)
            own = worker(job)
            says(main, "joined")
            @test exit_code(own; seconds = 60) == expected
            @test occursin("the master is gone", own.output) == (expected == 69)
        end
    end
end

@testset "a busy worker ends with its master" begin
    job() do job
        main = master(job, """
            wait_for_workers(1)
            remotecall(() -> (println("busy"); while true end), 2)
            sleep(60)
            """)
        own = worker(job)
        says(own, "busy")
        kill(main.process, Base.SIGKILL)
        @test exit_code(own; seconds = 60) != 0
    end
end

@testset "a master does not wait for a busy worker" begin
    job() do job
        main = master(job, """
            wait_for_workers(1)
            remotecall(() -> (println("busy"); while true end), 2)
            sleep(1)
            println("done")
            """)
        worker(job)
        says(main, "done")
        took = @elapsed @test exit_code(main) == 0
        # Plain Julia waits for ten seconds.
        @test took < 9
        @test main.output == "done\n"
    end
end

@testset "a signal ends a unit with its own code" begin
    job() do job
        main = master(job, "wait_for_workers(2); println(\"joined\"); sleep(60)")
        first = worker(job)
        second = worker(job)
        says(main, "joined")
        kill(first.process, Base.SIGTERM)
        @test exit_code(first) == 143
        kill(main.process, Base.SIGTERM)
        @test exit_code(main) == 143
        @test exit_code(second) == 69
    end
end
