# Output goes to the engine's log and to $JRUN_DIR/log/$JRUN_UNIT.{stdout,stderr}. Through named pipes and not
# a pipeline: the wrapper keeps the program's own exit status and process id.

pipes=
copiers=
kept_logs=3

open_logs() {
	[ -n "${JRUN_DIR:-}" ] || return 0
	# Told before: it is the same trouble.
	[ -z "${folder_unusable:-}" ] || return 0
	log=$JRUN_DIR/log/${JRUN_UNIT:-master}
	if ! prepare_log_files 2>/dev/null || ! make_pipes 2>/dev/null; then
		say "cannot write $log.stdout and .stderr (as user $(id -u)): output goes to the engine's log only."
		return 0
	fi
	tee -a "$log.stdout" <"$pipes/stdout" 3>&- &
	copiers=$!
	tee -a "$log.stderr" <"$pipes/stderr" >&2 3>&- &
	copiers="$copiers $!"
}

# A restarted unit goes on in its files; a unit of another submit finds them belonging to that one.
prepare_log_files() {
	mkdir -p "$JRUN_DIR/log" || return 1
	owner=$JRUN_DIR/log/.${JRUN_UNIT:-master}.uid
	previous=
	[ ! -f "$owner" ] || read -r previous <"$owner"
	if [ -n "$previous" ] && [ "$previous" = "${JRUN_UID:-}" ]; then
		mark_restart "$log.stdout"
		mark_restart "$log.stderr"
	else
		rotate "$log.stdout"
		rotate "$log.stderr"
		(echo "${JRUN_UID:-}" >"$owner") || return 1
	fi
	(: >>"$log.stdout" && : >>"$log.stderr")
}

mark_restart() {
	(
		[ ! -s "$1" ] || [ -z "$(tail -c 1 "$1")" ] || echo
		echo "--- juliarun: started again at $(date -u +%Y-%m-%dT%H:%M:%SZ) ---"
	) >>"$1"
}

rotate() {
	[ -e "$1" ] || return 0
	number=$kept_logs
	while [ "$number" -gt 1 ]; do
		[ ! -e "$1.$((number - 1))" ] || mv -f "$1.$((number - 1))" "$1.$number"
		number=$((number - 1))
	done
	mv -f "$1" "$1.1"
}

make_pipes() {
	[ -n "$state" ] && mkfifo "$state/stdout" "$state/stderr" && pipes=$state
}

# Waits until everything has been copied, however slow the disk; but not for ever on a daemon of the program's.
close_logs() {
	[ -n "$pipes$markers" ] || return 0
	if [ -n "$pipes" ]; then
		# A program that was stopped before it opened its pipes left the copiers waiting for a writer.
		exec 4<>"$pipes/stdout" 5<>"$pipes/stderr"
		exec 4>&- 5>&-
	fi
	close_marks
	(
		sleep 2
		kill_leftovers $copiers $markers
		[ "$$" = 1 ] || { sleep 2 && kill $copiers $markers; }
	) 2>/dev/null &
	watchdog=$!
	for copier in $copiers $markers; do
		await "$copier"
	done
	kill "$watchdog" 2>/dev/null
}
