values = split(ENV["SWEEP_VALUES"], ',')
value = values[parse(Int, ENV["JRUN_WORKER_INDEX"]) + 1]
println("tried ", value)
