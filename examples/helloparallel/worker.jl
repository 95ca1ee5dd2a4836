include("helloparallel.jl")
worker()
