# Sent by our master to a worker that shall end for good. Plain Julia, because other managers' workers get it too.
const LEAVE = quote
    ENV["JRUN_LEAVE"] = "1"
    exit(0)
end

# The master may be busy for long before it first looks at its workers; a dead one is noticed at once.
const PATIENCE_SECONDS = 3600

const WORKING = Ref(false)

function run_worker(stdout_to_master, connect_retries)
    secret = cookie()
    control = dial_master(master_host(), master_port(), connect_retries)
    cluster_cookie(secret)
    listen_where_reached(control)
    learn_of_signals()
    end_as_worker()
    atexit(end_as_worker)
    WORKING[] = true
    write(control, secret)
    stdout_to_master && redirect_stdout(control)
    be_patient()
    watch_for_end(control)
    start_worker(control, secret; stderr_to_stdout = stdout_to_master)
end

retry_pause(attempt) = min(0.5 * 2.0^(attempt - 1), 15.0)

function dial_master(host, port, retries)
    for attempt in 1:retries + 1
        try
            return dial(host, port)
        catch err
            if attempt > retries
                note("cannot reach the master at $host:$port after $attempt attempts: $(sprint(showerror, err))")
                exit(MASTER_UNAVAILABLE)
            end
            attempt == 3 && note("waiting for the master at $host:$port …")
            sleep(retry_pause(attempt))
        end
    end
end

# Distributed listens on the first network interface; on a machine with several, take the one that leads to
# the master, which will connect back.
function listen_where_reached(control)
    Base.JLOptions().bindto == C_NULL || return
    Distributed.LPROC.bind_addr = string(first(getsockname(control)))
end

function be_patient()
    haskey(ENV, "JULIA_WORKER_TIMEOUT") && return
    ENV["JULIA_WORKER_TIMEOUT"] = string(PATIENCE_SECONDS)
    # Read once when the wait for the master begins; later it would delay the discovery of dead workers.
    Timer(_ -> delete!(ENV, "JULIA_WORKER_TIMEOUT"), 5)
end

# Distributed ends a worker with 0 when its master tells it to, even if the master failed.
function end_as_worker(code = nothing)
    (!WORKING[] || stopping() || haskey(ENV, "JRUN_LEAVE") || how_ended(code) === :signal) && return
    note_at_end(myid() == 1 ? "the master did not accept this worker." : "the master is gone.")
    exit(MASTER_UNAVAILABLE)
end
