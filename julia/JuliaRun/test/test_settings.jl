@testset "settings" begin
    @test JuliaRun.julia_topology(:master_slave) === :master_worker
    @test JuliaRun.julia_topology(:all_to_all) === :all_to_all
    @test_throws ArgumentError init_parallel(topology = :ring)
    @test_throws ArgumentError init_parallel(mode = :slave)

    withenv("JRUN_ROLE" => nothing) do
        @test JuliaRun.role() === :master
    end
    withenv("JRUN_ROLE" => "worker") do
        @test JuliaRun.role() === :worker
    end
    withenv("JRUN_MIN_WORKERS" => nothing) do
        @test JuliaRun.minimum_workers() == 1
    end
    withenv("JRUN_MIN_WORKERS" => "12") do
        @test JuliaRun.minimum_workers() == 12
    end

    withenv("JRUN_CLUSTER_COOKIE" => "short") do
        @test JuliaRun.cookie() == "short           "
    end
    for wrong in (nothing, "", "seventeen letters", "cøøkie")
        withenv("JRUN_CLUSTER_COOKIE" => wrong) do
            @test_throws ErrorException JuliaRun.cookie()
        end
    end
    withenv("JRUN_CLUSTER_COOKIE" => "x", "JRUN_MASTER_HOST" => nothing) do
        @test_throws ErrorException init_parallel(mode = :worker)
    end
end

@testset "retries take as long as documented" begin
    @test sum(JuliaRun.retry_pause, 1:10) == 90.5
    @test JuliaRun.retry_pause(1) == 0.5
    @test JuliaRun.retry_pause(1000) == 15
end

@testset "a connection that takes too long is given up" begin
    server = listen(IPv4(127, 0, 0, 1), 0)
    client = connect(getsockname(server)...)
    took = @elapsed @test isempty(JuliaRun.within(() -> read(client, 1), 0.2, client))
    @test took < 5
    close(server)
end
