# The start script of workers that have none of their own.
using JuliaRun
init_parallel(mode = :worker)
