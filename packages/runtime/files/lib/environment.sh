# What the program finds in its environment beyond what the plan gives.

secrets=/run/juliarun/secrets

read_secrets() {
	[ -f "$secrets/cookie" ] || return 0
	JRUN_CLUSTER_COOKIE=$(cat "$secrets/cookie") && export JRUN_CLUSTER_COOKIE
}

usable_home() {
	[ -n "${HOME:-}" ] && [ "$HOME" != / ] && [ -d "$HOME" ] && [ -w "$HOME" ]
}

# With a user that the image does not know, HOME is `/` and not writable.
set_home() {
	usable_home && return
	for base in "${TMPDIR:-/tmp}" /dev/shm "${JRUN_DIR:-/nowhere}"; do
		HOME=$base/juliarun-home
		(umask 077 && mkdir -p "$HOME") 2>/dev/null
		usable_home && break
	done
	export HOME
}

# join_paths LIST...: leaves in `joined` all parts, without empty and repeated ones. An empty part means
# different things to different versions of Julia.
join_paths() {
	joined=
	for list in "$@"; do
		rest=$list:
		while [ -n "$rest" ]; do
			part=${rest%%:*}
			rest=${rest#*:}
			case ":$joined:" in
				*":$part:"*) ;;
				*) [ -z "$part" ] || joined=${joined:+$joined:}$part ;;
			esac
		done
	done
}

# What Julia itself would find: relative to its executable. Empty if that is no usual installation.
find_system_depots() {
	system_depots=
	executable=$(command -v "${JRUN_EXECUTABLE:-julia}") || return 0
	executable=$(readlink -f "$executable" 2>/dev/null) || return 0
	prefix=${executable%/*/*}
	[ -d "$prefix/share/julia" ] && system_depots=$prefix/local/share/julia:$prefix/share/julia
}

# The depot that Julia writes to comes first: the user's own choice, a writable bundle, else one in HOME. A bundle's
# mount point counts too: there may be packages that no build has put there.
set_julia_paths() {
	bundle=${JRUN_PKG_BUNDLE:-}${bundle_root:+:$bundle_root}
	bundle=${bundle#:}
	find_system_depots
	join_paths "${JULIA_DEPOT_PATH:-}"
	given=$joined
	first=${given%%:*}
	case $first in
		'' | '~'*) ;;
		*)
			mkdir -p "$first" 2>/dev/null
			[ -w "$first" ] || given=$HOME/.julia:$given
			;;
	esac
	if [ -n "${JRUN_PKG_BUNDLE:-}" ] && [ -w "$JRUN_PKG_BUNDLE" ]; then
		given=$JRUN_PKG_BUNDLE:$given
	fi
	# Without a known installation, unset is better than a list that lacks the system's part.
	if [ -n "$given$bundle${project_depot:-}$system_depots" ]; then
		[ -n "$given" ] || given=$HOME/.julia
		if [ -n "${project_depot:-}" ]; then
			# Right behind the one that Julia writes to.
			given=${given%%:*}:$project_depot:$given
		fi
		join_paths "$given" "$bundle" "$system_depots"
		export JULIA_DEPOT_PATH="$joined"
	fi
	join_paths "${JULIA_LOAD_PATH:-}" '@:@v#.#:@stdlib' "$bundle" "$runtime/julia"
	export JULIA_LOAD_PATH="$joined"
}
