# A job made of processes on this machine.

const PACKAGES = dirname(dirname(@__DIR__))

"A Julia process and what it has written so far."
mutable struct Program
    process::Base.Process
    output::String
    "Ended when the process has closed its output."
    reading::Task
end

mutable struct Job
    port::Int
    programs::Vector{Program}
end

# Not random, as test sets seed the generator; apart for files that run side by side.
const NEXT_PORT = Ref(20000 + 500 * something(findfirst(isequal(ARGS[1]), FILES)))

"Run `f(job)`, then end every process of the job."
function job(f)
    port, server = listenany(IPv4(0), NEXT_PORT[])
    close(server)
    NEXT_PORT[] = port + 10
    made = Job(Int(port), Program[])
    try
        f(made)
    finally
        for program in made.programs
            process_running(program.process) && kill(program.process, Base.SIGKILL)
            wait(program.reading)
        end
    end
end

const HEADER = "using JuliaRun\n"

"Start a Julia program as a unit of the job."
function start(job::Job, role, code; header = HEADER, env...)
    environment = copy(ENV)
    merge!(environment, Dict(
        "JULIA_LOAD_PATH" => "@:@v#.#:@stdlib:$PACKAGES",
        "JRUN_ROLE" => string(role),
        "JRUN_MASTER_HOST" => "127.0.0.1",
        "JRUN_MASTER_PORT" => string(job.port),
        "JRUN_CLUSTER_COOKIE" => "a cookie",
    ))
    for (name, value) in env
        environment[string(name)] = string(value)
    end
    pipe = Pipe()
    # Compiling would be most of the time, and these programs compute nothing.
    command = setenv(`$(Base.julia_cmd()) --startup-file=no --compile=min -e $(header * code)`, environment)
    process = run(pipeline(command; stdin = devnull, stdout = pipe, stderr = pipe); wait = false)
    close(pipe.in)
    program = Program(process, "", current_task())
    program.reading = @async while !eof(pipe)
        program.output *= String(readavailable(pipe))
    end
    push!(job.programs, program)
    program
end

master(job, code; options...) = start(job, :master, code; options...)

worker(job; arguments = "", options...) =
    start(job, :worker, "init_parallel(mode = :worker$arguments)"; options...)

"Wait until `condition()`, at most `seconds`; whether it came true."
function until(condition, seconds = 120)
    deadline = time() + seconds
    while !condition()
        time() > deadline && return false
        sleep(0.02)
    end
    true
end

"Wait until the program has written `text`."
function says(program::Program, text)
    found = until(() -> occursin(text, program.output) || istaskdone(program.reading))
    found && occursin(text, program.output) || error("did not say $(repr(text)):\n$(program.output)")
    true
end

"Wait for the end of the program; its exit code, or minus the signal."
function exit_code(program::Program; seconds = 120)
    until(() -> process_exited(program.process), seconds) || error("still runs:\n$(program.output)")
    wait(program.reading)
    program.process.termsignal == 0 ? program.process.exitcode : -program.process.termsignal
end
