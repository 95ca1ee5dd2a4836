# Precompiles what a package bundle has, so that jobs, which cannot write to it, need not do it each for themselves.
import Pkg

const ROOTS = unique([ENV["JRUN_PKG_BUNDLE"], ENV["JRUN_BUILD_BUNDLE"]])

"Packages in folders of their own, as a load path has them."
function loose_packages(root)
    names = String[]
    for entry in readdir(root)
        startswith(entry, ".") && continue
        path = joinpath(root, entry)
        name = replace(entry, r"\.jl$" => "")
        if isfile(joinpath(path, "src", name * ".jl")) || (isfile(path) && endswith(entry, ".jl"))
            push!(names, name)
        end
    end
    names
end

"Packages of the environments that a job finds in the bundle."
function direct_packages()
    files = String[]
    for root in ROOTS, name in ("JuliaProject.toml", "Project.toml")
        for folder in (root, joinpath(root, "environments", "v$(VERSION.major).$(VERSION.minor)"))
            isfile(joinpath(folder, name)) && push!(files, joinpath(folder, name))
        end
    end
    names = String[]
    active = Base.ACTIVE_PROJECT[]
    for file in files
        Base.ACTIVE_PROJECT[] = file
        append!(names, keys(Pkg.project().dependencies))
    end
    Base.ACTIVE_PROJECT[] = active
    names
end

# A package that cannot be loaded here, for the lack of a GPU perhaps, is the user's to judge.
for name in unique(vcat(direct_packages(), (loose_packages(root) for root in ROOTS)...))
    package = Base.identify_package(name)
    package === nothing && continue
    try
        Base.require(package)
    catch err
        println(stderr, "juliarun: the package $name of the bundle cannot be loaded here, so it is not precompiled:")
        showerror(stderr, err)
        println(stderr)
    end
end
