# The working folder, $JRUN_DIR, made if missing; and the wrapper's own, for pipes and notes.

enter_folder() {
	[ -n "${JRUN_DIR:-}" ] || return 0
	mkdir -p "$JRUN_DIR" 2>/dev/null
	cd "$JRUN_DIR" 2>/dev/null || {
		say "cannot use the working folder $JRUN_DIR (as user $(id -u)): running in $PWD."
		folder_unusable=1
	}
}

state=

make_state_folder() {
	for base in "${TMPDIR:-/tmp}" /dev/shm; do
		# The wrapper is still to change to the working folder.
		case $base in /*) ;; *) continue ;; esac
		state=$base/.juliarun-${JRUN_UNIT:-master}
		# A restarted container finds the old one.
		rm -rf "$state" 2>/dev/null
		if (umask 077 && mkdir "$state") 2>/dev/null; then
			export JRUN_STOPPING="$state/stopping"
			return
		fi
	done
	state=
}
