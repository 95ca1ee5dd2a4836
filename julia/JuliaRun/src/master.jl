# The wire is ElasticManager's: a worker connects, sends the cookie and the address it listens at, and the
# master connects back. The first connection stays open and carries the worker's output, if any.

const HANDSHAKE_SECONDS = 10
const ADDRESS_SECONDS = 60
"Refusals that are told one by one; a port scanner must not fill the log."
const MAX_REFUSALS_TOLD = 20

"A worker that has proved to know the cookie and that the master is connected to."
struct Arrival
    control::TCPSocket
    link::TCPSocket
    host::String
    port::Int
end

mutable struct Master <: ClusterManager
    server::Sockets.TCPServer
    cookie::String
    topology::Symbol
    arrivals::Channel{Arrival}
    "Configurations handed to the `addprocs` that is under way."
    batch::Vector{WorkerConfig}
    "Workers that the program removed: they are not missed."
    removed::Set{Int}
    refusals::Int
    "Whether the program succeeded; nothing while it runs."
    succeeded::Union{Bool,Nothing}
end

const MASTER = Ref{Union{Master,Nothing}}(nothing)

function start_master(topology)
    if MASTER[] !== nothing
        MASTER[].topology === topology ||
            throw(ArgumentError("init_parallel was called before, with topology :$(MASTER[].topology)"))
        return
    end
    secret = cookie()
    server = listen(IPv4(0), master_port())
    cluster_cookie(secret)
    master = Master(server, secret, topology, Channel{Arrival}(typemax(Int)), WorkerConfig[], Set{Int}(), 0, nothing)
    learn_of_signals()
    # Called once for nothing, so that it is compiled.
    end_as_master()
    # After cluster_cookie, which registers Distributed's own hook: the last one registered runs first.
    atexit(end_as_master)
    MASTER[] = master
    @async accept_workers(master)
    @async admit_workers(master)
    nothing
end

# Distributed's own hook runs next, and removes the workers: see `kill`.
function end_as_master(code = nothing)
    master = MASTER[]
    master === nothing && return
    stopping() && return forget_workers()
    how = how_ended(code)
    master.succeeded = how === :success
    how === :signal && forget_workers()
    nothing
end

# After a signal, Distributed could not wait for the workers and would only complain. They see their connection end.
forget_workers() = (empty!(Distributed.PGRP.workers); nothing)

# A program may have started another manager (ElasticManager) at that port: then the workers are its.
function start_unless_other_manager()
    try
        init_parallel(mode = :master)
    catch err
        err isa Base.IOError && err.code == Base.UV_EADDRINUSE || rethrow()
    end
end

function accept_workers(master)
    while isopen(master.server)
        try
            socket = accept(master.server)
            @async welcome(master, socket)
        catch err
            isopen(master.server) || return
            note("cannot accept a connection: $(sprint(showerror, err))")
            sleep(1)
        end
    end
end

# Runs in a task of its own for each connection: whatever a client does or fails to do, others are not held up.
function welcome(master, control)
    try
        sent = within(() -> read(control, COOKIE_LENGTH), HANDSHAKE_SECONDS, control)
        if sent != codeunits(master.cookie)
            length(sent) == COOKIE_LENGTH && tell_refusal(master, control)
            return close(control)
        end
        host, port = within(() -> read_address(control), ADDRESS_SECONDS, control)
        keep_alive(control)
        put!(master.arrivals, Arrival(control, dial(host, port), host, port))
    catch err
        # Nothing to tell of a client that left or was silent: probes do that all the time.
        err isa EOFError || !isopen(control) ||
            note("a worker at $(peer(control)) could not join: $(sprint(showerror, err))")
        close(control)
    end
end

function tell_refusal(master, control)
    master.refusals += 1
    master.refusals <= MAX_REFUSALS_TOLD &&
        note("refused a connection from $(peer(control)): it does not know this job's cookie.")
    master.refusals == MAX_REFUSALS_TOLD && note("further refusals are not told.")
end

function read_address(control)
    while true
        line = readline(control)
        found = match(r"^julia_worker:(\d+)#(\S+)$", line)
        found === nothing || return String(found.captures[2]), parse(Int, found.captures[1])
        isempty(line) && eof(control) && throw(EOFError())
        println("      From worker startup:\t", line)
    end
end

function admit_workers(master)
    while true
        wait(master.arrivals)
        try
            addprocs(master; topology = master.topology)
        catch err
            note("a worker could not join: $(sprint(showerror, err))")
        end
        foreach(settle, master.batch)
        empty!(master.batch)
    end
end

# Told by the worker itself, in the last message of its join.
has_joined(config) = config.ospid !== nothing

"How many workers have joined completely, those of other managers included."
function ready_workers()
    joining = MASTER[] === nothing ? 0 : count(config -> !has_joined(config), MASTER[].batch)
    nprocs() - 1 - joining
end

# Distributed keeps a worker that did not answer in time: closing its connection makes it forget it.
function settle(config)
    if !has_joined(config)
        worker_left(config.ident, false)
        close(config.userdata.link)
        close(config.userdata.control)
    else
        worker_joined(config.ident)
    end
end

function Distributed.launch(master::Master, params::Dict, launched::Array, ready)
    while isready(master.arrivals)
        config = WorkerConfig()
        config.userdata = take!(master.arrivals)
        push!(master.batch, config)
        push!(launched, config)
    end
    notify(ready)
end

function Sockets.connect(master::Master, id::Int, config::WorkerConfig)
    arrival = config.userdata
    config.ident = id
    config.host = config.bind_addr = arrival.host
    config.port = arrival.port
    # Where other workers reach this one, in topologies that connect them.
    config.connect_at = (arrival.host, arrival.port)
    worker_joining(id)
    @async forward_output(id, arrival.control)
    arrival.link, arrival.link
end

function Distributed.manage(master::Master, id::Integer, config::WorkerConfig, event::Symbol)
    event === :deregister || return
    close(config.userdata.control)
    worker_left(id, !(id in master.removed))
end

# Called by rmprocs, and for every worker when the master ends.
function Base.kill(master::Master, id::Int, config::WorkerConfig)
    push!(master.removed, id)
    if master.succeeded === false
        remote_do(exit, id, MASTER_UNAVAILABLE)
    else
        remote_do(Core.eval, id, Main, LEAVE)
    end
    # A worker in a long computation does not read the message; do not wait for it at the end.
    link = config.userdata.link
    master.succeeded === nothing || Timer(_ -> close(link), 0.5)
    nothing
end

function forward_output(id, control)
    try
        for line in eachline(control)
            println("      From worker ", id, ":\t", line)
        end
    catch
        # The worker is gone; its link tells.
    end
end
