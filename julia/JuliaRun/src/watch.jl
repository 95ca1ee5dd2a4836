# A worker sees its master's end by the end of the connection it made. A long computation lets no other task
# run, so a child process does the looking: it gets the connection as its stdin, says when that has ended, and
# stops the worker if it does not go by itself.

const WATCHER = """
cat >/dev/null
echo
sleep 3
kill -s TERM "\$0" && sleep 5 && kill -s KILL "\$0"
"""

function watch_for_end(control)
    ended = try
        open(pipeline(`sh -c $WATCHER $(getpid())`; stdin = control, stderr = devnull))
    catch
        # No shell: seen between computations only.
        control
    end
    @async begin
        wait_for_byte_or_end(ended)
        # The master may have said goodbye just before; that message comes on the other connection.
        sleep(0.5)
        exit(MASTER_UNAVAILABLE)
    end
end

# The master sends nothing on this connection; a reset or a failed keep-alive is an end, too.
function wait_for_byte_or_end(stream)
    try
        eof(stream)
    catch
    end
end
