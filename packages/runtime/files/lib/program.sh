# Replaces itself by the unit's startup shell. Runs in the program's own process, so that its complaints are in
# the job's log like everything else.

run_program() {
	find_shell || exit 127
	# The interpreter is read from the first line: the file may lack the x bit, or lie on a noexec volume.
	read -r first_line <"$shell" 2>/dev/null
	case $first_line in
		'#!'*)
			interpreter=${first_line#'#!'}
			set -f
			set -- $interpreter "$shell" "$@"
			;;
		*) set -- /bin/sh "$shell" "$@" ;;
	esac
	if [ -n "${JRUN_PROJECT:-}${JRUN_BUILD_BUNDLE:-}" ]; then
		set -- /bin/sh "$runtime/prepared.sh" "$@"
	fi
	if command -v setsid >/dev/null 2>&1; then
		exec setsid "$@"
	else
		exec "$@"
	fi
}

find_shell() {
	name=${JRUN_SHELL:-master.sh}
	on_volume=${JRUN_RUN_VOLUME:+$JRUN_RUN_VOLUME/$name}
	case $name in
		/*) elsewhere=$name ;;
		*) elsewhere=$runtime/shell/$name ;;
	esac
	for shell in "$on_volume" "$elsewhere"; do
		[ -n "$shell" ] && [ -f "$shell" ] && return
	done
	say "no startup shell '$name': there is no file ${on_volume:+$on_volume and none }$elsewhere."
	return 1
}
