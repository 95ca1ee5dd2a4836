# Whoever reaches the port without being a worker must not disturb the master.

@testset "strangers do not disturb the master" begin
    job() do job
        main = master(job, """
            init_parallel()
            println("ready")
            wait_for_workers(1)
            println(pmap(x -> 2x, 1:3))
            """)
        says(main, "ready")
        knock() = connect(IPv4(127, 0, 0, 1), job.port)

        silent = [knock() for _ in 1:20]
        wrong = knock()
        write(wrong, "not the cookie!!")
        @test eof(wrong)
        garbage = knock()
        try
            write(garbage, rand(UInt8, 10^6))
        catch err
            @test err isa Base.IOError
        end
        close(knock())
        half = knock()
        write(half, "a coo")
        close(half)
        # These know the cookie, and then fail in their several ways.
        cookie = "a cookie        "
        mute = knock()
        write(mute, cookie)
        gone = knock()
        write(gone, cookie)
        close(gone)
        nobody = knock()
        write(nobody, cookie, "julia_worker:1#127.0.0.1\n")
        babble = knock()
        write(babble, cookie, "no address at all\n")
        # Accepts the master's call, and then says nothing of a worker's.
        liar_port, liar = listenany(IPv4(127, 0, 0, 1), job.port + 1)
        @async close(accept(liar))
        lying = knock()
        write(lying, cookie, "julia_worker:$(Int(liar_port))#127.0.0.1\n")

        took = @elapsed begin
            good = worker(job)
            @test exit_code(main) == 0
        end
        # A stock master is held up for a minute by the one that accepts its call and says nothing.
        @test took < 50
        @test occursin("[2, 4, 6]\n", main.output)
        @test occursin("refused a connection from 127.0.0.1", main.output)
        @test exit_code(good) == 0
        foreach(close, [silent; mute; babble; lying])
        close(liar)
    end
end

@testset "a silent connection is closed" begin
    job() do job
        main = master(job, "init_parallel(); println(\"ready\"); sleep(60)")
        says(main, "ready")
        silent = connect(IPv4(127, 0, 0, 1), job.port)
        took = @elapsed @test eof(silent)
        @test took < JuliaRun.HANDSHAKE_SECONDS + 30
        @test main.output == "ready\n"
    end
end

@testset "a worker with a wrong cookie ends at once, and says why" begin
    job() do job
        main = master(job, "init_parallel(); println(\"ready\"); sleep(60)")
        says(main, "ready")
        impostor = worker(job; JRUN_CLUSTER_COOKIE = "another")
        @test exit_code(impostor) == JuliaRun.MASTER_UNAVAILABLE
        @test occursin("the master did not accept this worker", impostor.output)
    end
end
