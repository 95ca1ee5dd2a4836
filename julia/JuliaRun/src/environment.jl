const COOKIE_LENGTH = 16

role() = get(ENV, "JRUN_ROLE", "master") == "worker" ? :worker : :master

minimum_workers() = parse(Int, get(ENV, "JRUN_MIN_WORKERS", "1"))

master_port() = parse(Int, get(ENV, "JRUN_MASTER_PORT", "9009"))

function master_host()
    host = get(ENV, "JRUN_MASTER_HOST", "")
    isempty(host) && error("JRUN_MASTER_HOST is not set: only a worker of a parallel job has a master to join.")
    host
end

"The cookie as it goes over the wire: padded to 16 bytes."
function cookie()
    text = get(ENV, "JRUN_CLUSTER_COOKIE", "")
    isempty(text) && error("JRUN_CLUSTER_COOKIE is not set: init_parallel works inside a parallel JuliaRun job.")
    isascii(text) && length(text) <= COOKIE_LENGTH ||
        error("JRUN_CLUSTER_COOKIE must be at most $COOKIE_LENGTH ASCII characters.")
    rpad(text, COOKIE_LENGTH)
end

function julia_topology(name::Symbol)
    name === :master_slave && return :master_worker
    name in (:master_worker, :all_to_all, :custom) ||
        throw(ArgumentError("topology is :master_slave, :master_worker, :all_to_all or :custom, not :$name"))
    name
end
