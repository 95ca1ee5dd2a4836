# Instantiates a copy of a job's project: /opt/juliarun/project.jl <folder of the project>. The active project is the copy's folder.
# The copy lets a project be read-only, and change while jobs use what was made of it.
import Pkg

const SOURCE = ARGS[1]
const COPY = ENV["JULIA_PROJECT"]
# Newer versions of Julia also have manifests for one version each.
const FILES = r"^(Julia)?(Project|Manifest)(-v[0-9.]+)?\.toml$"

"Why the project cannot be used, for people; Julia's own stack would not help them."
function refuse(reason)
    println(stderr, "juliarun: ", reason)
    exit(65)
end

"Paths in the project's files are meant from its folder."
absolute(text) = replace(text, r"\bpath\s*=\s*\"[^\"]*\"" => function (entry)
    path = match(r"\"([^\"]*)\"", entry).captures[1]
    "path = \"" * normpath(joinpath(SOURCE, path)) * "\""
end)

for name in readdir(SOURCE)
    if occursin(FILES, name)
        write(joinpath(COPY, name), absolute(read(joinpath(SOURCE, name), String)))
    elseif !startswith(name, ".")
        # Code of a project that is a package.
        symlink(joinpath(SOURCE, name), joinpath(COPY, name))
    end
end

"Of packages that the manifest has by path: Pkg would speak of a registry."
function check_paths(file)
    startswith(basename(file), r"(Julia)?Manifest") && endswith(file, ".toml") || return
    for found in eachmatch(r"(?m)^\s*path\s*=\s*\"([^\"]*)\"", read(file, String))
        path = found.captures[1]
        isdir(path) || refuse("$(basename(file)) has a package at $path, but there is no such folder in the job. " *
            "Put the package on a volume that the job mounts.")
    end
end

foreach(check_paths, readdir(COPY, join = true))

try
    Pkg.instantiate()
catch err
    print(stderr, "juliarun: Pkg says: ")
    showerror(stderr, err)
    println(stderr)
    exit(65)
end

try
    Pkg.precompile()
catch err
    # Jobs try again for themselves.
    print(stderr, "juliarun: not all packages of the project could be precompiled: ")
    showerror(stderr, err)
    println(stderr)
end
