# Signals and waiting. The wrapper is the container's process 1, for which the kernel drops every signal
# that has no handler, and whose end is the container's end.

program=
stopped_by=
interrupted=

say() {
	echo "juliarun: $*" >&2
}

handle_signals() {
	for signal in TERM INT HUP QUIT USR1 USR2; do
		trap "on_signal $signal" "$signal"
	done
}

on_signal() {
	interrupted=1
	case $1 in
		USR?) ;;
		*)
			stopped_by=$1
			# For the Julia package, which before Julia 1.9 cannot safely tell a signal from an exit.
			[ -z "$state" ] || : >"$JRUN_STOPPING"
			;;
	esac
	[ -z "$program" ] || forward "$1"
}

# To the process group, so that Julia gets it also under a startup shell that did not `exec`; to the process
# alone where it leads no group (the image has no setsid, or it has not come that far).
forward() {
	kill -s "$1" -- "-$program" 2>/dev/null || kill -s "$1" "$program" 2>/dev/null
}

exit_if_stopped() {
	case $stopped_by in
		'') ;;
		HUP) exit 129 ;;
		INT) exit 130 ;;
		QUIT) exit 131 ;;
		*) exit 143 ;;
	esac
}

# await PID: leaves the exit status in `status`. A trapped signal ends `wait` early, so it is repeated; 127 the
# second time means that the first one had got the real status.
await() {
	status=
	while :; do
		interrupted=
		wait "$1" 2>/dev/null
		result=$?
		[ "$result" = 127 ] && [ -n "$status" ] || status=$result
		[ -n "$interrupted" ] || return 0
	done
}

# What the program left behind keeps the log pipes open. The container ends now anyway, so all of it is killed;
# seen from another process than 1, processes of others may be in /proc.
kill_leftovers() {
	if [ "$$" != 1 ]; then
		kill -s KILL -- "-$program" 2>/dev/null
		return
	fi
	read -r self _ </proc/self/stat
	for process in /proc/[0-9]*; do
		process=${process#/proc/}
		case " 1 $self $* " in
			*" $process "*) ;;
			*) kill -s KILL "$process" 2>/dev/null ;;
		esac
	done
}
