@testset "documented names" begin
    for name in names(JuliaRun)
        # Distributed's names are re-exported, with their own documentation.
        parentmodule(getfield(JuliaRun, name)) in (JuliaRun, Main) || continue
        @test haskey(Base.Docs.meta(JuliaRun), Base.Docs.Binding(JuliaRun, name))
    end
end

@testset "a program's names" begin
    job() do job
        # As in the manual: Distributed's names come with JuliaRun, and the program has its own wait_for_workers.
        own = master(job, """
            function wait_for_workers(n)
                init_parallel(; topology = :master_slave, mode = :master)
                while nworkers() < n
                    sleep(0.05)
                end
                "the program's own"
            end
            println(wait_for_workers(1), " ", nprocs(), " ", pmap(identity, 1:2))
            @everywhere x = 1
            """)
        both = master(job, "using Distributed; println(pmap(identity, 1:3), nprocs())"; JRUN_MASTER_PORT = 1)
        @test exit_code(own) == 0
        @test own.output == "the program's own 1 [1, 2]\n"
        @test exit_code(both) == 0
        @test both.output == "[1, 2, 3]1\n"
    end
end
