# Project environments. Each content of the project's files, for each version of Julia, has a folder in the cache
# with folders of those that instantiated it; `ready` names the one that jobs use. It never moves, as precompiled
# files remember their path, and nobody removes it but the user.

use_project() {
	if [ -n "${JRUN_MASTER_PORT:-}" ]; then
		note=${JRUN_DIR:-$JRUN_PROJECT_CACHE}/.juliarun-project
		if [ "${JRUN_ROLE:-}" = worker ]; then
			await_master_project
		else
			find_project && publish "$note" "${JRUN_UID:-} $environment" || return
		fi
	else
		find_project || return
	fi
	export JULIA_PROJECT="$environment/project"
	project_depot=$environment/depot
	set_julia_paths
}

# Workers use what their master uses, also where the project has changed since.
await_master_project() {
	told=
	while :; do
		uid=
		environment=
		[ ! -f "$note" ] || read -r uid environment <"$note"
		[ -z "$environment" ] || [ "$uid" != "${JRUN_UID:-}" ] || return 0
		[ -n "$told" ] || say "waiting for the master's project environment."
		told=1
		sleep 1
	done
}

find_project() {
	for name in JuliaProject.toml Project.toml; do
		project_file=$JRUN_PROJECT/$name
		[ ! -f "$project_file" ] || break
	done
	[ -f "$project_file" ] || {
		say "the job's project $JRUN_PROJECT has no Project.toml."
		return 66
	}
	[ -r "$project_file" ] || {
		say "$project_file cannot be read by user $(id -u)."
		return 66
	}
	command -v sha256sum >/dev/null && julia_version=$("${JRUN_EXECUTABLE:-julia}" --version) || {
		say "the image lacks ${JRUN_EXECUTABLE:-julia} or sha256sum, which projects need."
		return 127
	}
	entry=$JRUN_PROJECT_CACHE/$(project_key)
	ready_environment && return
	mkdir -p "$entry" 2>/dev/null && [ -w "$entry" ] || {
		say "cannot write $entry (as user $(id -u)), where the project's packages would be kept."
		return 73
	}
	take_lock "$entry/lock" "is preparing the same project" || {
		say "cannot write $entry/lock (as user $(id -u))."
		return 73
	}
	trap 'release_lock; exit 143' TERM INT HUP QUIT
	ready_environment || instantiate
	result=$?
	release_lock
	trap - TERM INT HUP QUIT
	return "$result"
}

# Paths in a project's files may be relative to its folder, and a project that is a package has its code there.
project_key() {
	set -- "$project_file"
	for file in "$JRUN_PROJECT"/*Manifest*.toml; do
		[ ! -f "$file" ] || set -- "$@" "$file"
	done
	{
		cat "$@"
		echo "$julia_version $(uname -m)"
		! cat "$@" | grep -Eq '^name *=|path *= *"[^/]' || echo "$JRUN_PROJECT"
	} | sha256sum | cut -c 1-16
}

ready_environment() {
	environment=
	[ ! -f "$entry/ready" ] || read -r environment <"$entry/ready"
	case $environment in
		*/* | .*) environment= ;;
	esac
	[ -n "$environment" ] && environment=$entry/$environment && [ -d "$environment/depot" ]
}

instantiate() {
	# Of those that were killed: who has the lock is alone.
	for old in "$entry"/*; do
		[ ! -d "$old" ] || [ "$old" = "$entry/lock" ] || [ -f "$old/complete" ] || rm -rf "$old"
	done
	new_folder "$entry" || return 73
	environment=$folder
	mkdir "$environment/depot" "$environment/project" || return 73
	say "preparing the packages of $JRUN_PROJECT: it has to be done once."
	(
		join_paths "$environment/depot" "$system_depots"
		export JULIA_DEPOT_PATH="$joined" JULIA_LOAD_PATH='@:@stdlib' JULIA_PROJECT="$environment/project"
		exec "${JRUN_EXECUTABLE:-julia}" --startup-file=no "$runtime/project.jl" "$JRUN_PROJECT"
	) || {
		status=$?
		rm -rf "$environment"
		say "the job's project $JRUN_PROJECT cannot be used: see above for the reason."
		return "$status"
	}
	: >"$environment/complete" && publish "$entry/ready" "${environment##*/}" || return 73
}
