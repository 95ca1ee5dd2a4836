# Programs and workers of ElasticManager's know nothing of JuliaRun. These imitate them, by the wire alone.

const ELASTIC_MASTER = raw"""
using Distributed, Sockets
struct Elastic <: ClusterManager
    waiting::Channel{TCPSocket}
end
function Distributed.launch(manager::Elastic, params::Dict, launched::Array, ready::Condition)
    config = WorkerConfig()
    config.io = take!(manager.waiting)
    push!(launched, config)
    notify(ready)
end
Distributed.manage(::Elastic, id::Integer, config::WorkerConfig, event::Symbol) = nothing
manager = Elastic(Channel{TCPSocket}(10))
cluster_cookie(ENV["JRUN_CLUSTER_COOKIE"])
server = listen(IPv4(0), parse(Int, ENV["JRUN_MASTER_PORT"]))
function admit()
    socket = accept(server)
    String(read(socket, 16)) == rpad(ENV["JRUN_CLUSTER_COOKIE"], 16) || error("wrong cookie")
    put!(manager.waiting, socket)
    addprocs(manager; topology = :master_worker)
end
"""

const ELASTIC_WORKER = raw"""
using Distributed, Sockets
socket = connect(ENV["JRUN_MASTER_HOST"], parse(Int, ENV["JRUN_MASTER_PORT"]))
write(socket, rpad(ENV["JRUN_CLUSTER_COOKIE"], 16))
redirect_stdout(socket)
start_worker(socket, ENV["JRUN_CLUSTER_COOKIE"])
"""

@testset "our workers under an ElasticManager" begin
    job() do job
        main = master(job, """
            admit()
            admit()
            remotecall_fetch(() -> println("hello"), 3)
            println(pmap(x -> x + 1, 1:4), " ", nworkers())
            """; header = ELASTIC_MASTER)
        first = worker(job)
        second = worker(job; arguments = ", stdout_to_master = true")
        @test exit_code(main) == 0
        @test occursin("[2, 3, 4, 5] 2\n", main.output)
        # Which of the two became number 3 is open: its output is in its own log or at the master's.
        @test occursin("hello\n", first.output * main.output)
        # Its master tells a worker to exit with 0 whether it succeeded or not.
        @test exit_code(first) == JuliaRun.MASTER_UNAVAILABLE
        @test exit_code(second) == JuliaRun.MASTER_UNAVAILABLE
    end
end

@testset "JuliaRun loaded beside an ElasticManager leaves it alone" begin
    job() do job
        main = master(job, """
            using JuliaRun
            @async admit()
            wait_for_workers(1)
            println(pmap(x -> x + 1, 1:4))
            """; header = ELASTIC_MASTER)
        worker(job)
        @test exit_code(main) == 0
        @test main.output == "[2, 3, 4, 5]\n"
    end
end

@testset "workers of ElasticManager's under our master" begin
    job() do job
        main = master(job, """
            init_parallel()
            println("ready")
            wait_for_workers(1)
            remotecall_fetch(() -> println("hello"), 2)
            println(pmap(x -> x + 1, 1:4), " ", nworkers())
            sleep(0.5)
            """)
        says(main, "ready")
        stranger = start(job, :worker, ""; header = ELASTIC_WORKER)
        @test exit_code(main) == 0
        @test occursin("[2, 3, 4, 5] 1\n", main.output)
        @test occursin("From worker 2:\thello\n", main.output)
        @test exit_code(stranger) == 0
    end
end
