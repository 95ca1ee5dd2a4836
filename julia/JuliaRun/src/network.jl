"Run `f()`; when it takes longer than `seconds`, close `socket`, so that `f` fails instead of hanging."
function within(f, seconds, socket)
    watchdog = Timer(_ -> close(socket), seconds)
    try
        f()
    finally
        close(watchdog)
    end
end

# Distributed speaks IPv4 only. Without an own limit, an address that swallows packets takes two minutes.
function dial(host, port; seconds = 10)
    socket = TCPSocket()
    try
        within(() -> connect(socket, getaddrinfo(host, IPv4), port), seconds, socket)
    catch
        close(socket)
        rethrow()
    end
    keep_alive(socket)
    socket
end

# A machine that vanishes sends no FIN: only keep-alive ends the wait for it, after some 70 seconds.
function keep_alive(socket)
    try
        ccall(:uv_tcp_keepalive, Cint, (Ptr{Cvoid}, Cint, Cuint), socket.handle, 1, 60)
    catch
    end
    nothing
end

function peer(socket)
    try
        string(first(getpeername(socket)))
    catch
        "an unknown address"
    end
end
