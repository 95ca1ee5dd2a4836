# How this process ends decides what becomes of the others.
#
# A signal may come in the middle of anything, also of compiling: then a hook must do next to nothing, nothing
# that is not compiled yet, and switch no tasks. So the wrapper's note of a signal is looked at first.

const STOPPING = Ref("")

function learn_of_signals()
    STOPPING[] = get(ENV, "JRUN_STOPPING", "")
    stopping()
end

"Whether the wrapper has forwarded a signal that ends this process."
stopping() = !isempty(STOPPING[]) && ccall(:access, Cint, (Cstring, Cint), STOPPING[], 0) == 0

"""
How the program ends, seen from an exit hook: `:success`, `:exit` (an error or `exit`) or `:signal`.

From Julia 1.9 on, hooks are given the exit code. Before, the stack tells: only the normal end of a program
comes here without `jl_exit`, and a signal comes without Julia's `exit`.
"""
how_ended(code::Integer) = code == 0 ? :success : code > 128 ? :signal : :exit

function how_ended(::Nothing)
    names = [frame.func for frame in stacktrace(backtrace(), true)]
    :exit in names && return :exit
    any(in((:jl_exit, :ijl_exit)), names) ? :signal : :success
end

"Write to stderr without switching tasks: in an exit hook, another task might end the process meanwhile."
function note_at_end(message)
    text = "JuliaRun: $message\n"
    ccall(:write, Cssize_t, (Cint, Ptr{UInt8}, Csize_t), 2, text, sizeof(text))
    nothing
end
