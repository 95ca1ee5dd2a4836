# The wire is ElasticManager's: a worker connects, sends the cookie and the address it listens at, and the
# master connects back. The first connection stays open and carries the worker's output, if any.

const HANDSHAKE_SECONDS = 10
const ADDRESS_SECONDS = 60
"Refusals that are told one by one; a port scanner must not fill the log."
const MAX_REFUSALS_TOLD = 20

"The connections to a worker that has proved to know the cookie: the one it made, and ours to it."
struct Connections
    control::TCPSocket
    link::TCPSocket
end

mutable struct Master <: ClusterManager
    server::Sockets.TCPServer
    cookie::String
    topology::Symbol
    "Workers that are connected and have not joined completely."
    joining::Set{Int}
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
    master = Master(server, secret, topology, Set{Int}(), Set{Int}(), 0, nothing)
    learn_of_signals()
    # Called once for nothing, so that it is compiled.
    end_as_master()
    # After cluster_cookie, which registers Distributed's own hook: the last one registered runs first.
    atexit(end_as_master)
    MASTER[] = master
    settle_group(master)
    @async accept_workers(master)
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
        admit(master, host, port, Connections(control, dial(host, port)))
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

"How many workers have joined completely, those of other managers included."
ready_workers() = nprocs() - 1 - (MASTER[] === nothing ? 0 : length(MASTER[].joining))

# Not by addprocs, which admits one batch at a time: a worker that dies while it joins would hold up the others
# for a minute.
function admit(master, host, port, connections)
    config = WorkerConfig()
    config.userdata = connections
    config.host = config.bind_addr = host
    config.port = port
    # Where other workers reach this one, in topologies that connect them.
    config.connect_at = (host, port)
    try
        id = Distributed.create_worker(master, config)
        if id in master.joining
            delete!(master.joining, id)
            worker_joined(id)
            settle_group(master)
        end
    finally
        # Distributed keeps a worker that did not answer in time: closing its connection makes it forget it.
        config.ident in master.joining && close(connections.link)
    end
end

# With nothing to launch, this sets the topology, or tells all workers of all.
settle_group(master) = addprocs(master; topology = master.topology)

Distributed.launch(::Master, params::Dict, launched::Array, ready) = notify(ready)

function Sockets.connect(master::Master, id::Int, config::WorkerConfig)
    config.ident = id
    push!(master.joining, id)
    worker_joining(id)
    @async forward_output(id, config.userdata.control)
    config.userdata.link, config.userdata.link
end

function Distributed.manage(master::Master, id::Integer, config::WorkerConfig, event::Symbol)
    event === :deregister || return
    close(config.userdata.control)
    joined = !(id in master.joining)
    delete!(master.joining, id)
    worker_left(id, joined && !(id in master.removed))
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
