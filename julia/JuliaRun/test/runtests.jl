# Real Julia processes on this machine, each with a part in a job. Run: julia julia/JuliaRun/test/runtests.jl [file…]
pushfirst!(LOAD_PATH, dirname(dirname(@__DIR__)))
using Test, Sockets
using JuliaRun

const THIS_FILE = @__FILE__
const FILES = filter(startswith("test_"), readdir(@__DIR__))

if length(ARGS) == 1
    include("processes.jl")
    @testset "$(ARGS[1])" begin
        include(ARGS[1])
    end
else
    # Most of the time goes into waiting: two files at once, in processes of their own to keep their output apart.
    failed = asyncmap(isempty(ARGS) ? FILES : ARGS; ntasks = 2) do file
        output = IOBuffer()
        run = Base.run(pipeline(ignorestatus(`$(Base.julia_cmd()) $THIS_FILE $file`); stdout = output, stderr = output))
        print(String(take!(output)))
        !success(run)
    end
    exit(any(failed) ? 1 : 0)
end
