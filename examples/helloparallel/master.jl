include("helloparallel.jl")
master(2)
