# A lock between containers, also of several machines, on a volume that they share. The holder's pulse is what
# shows that it lives: nobody compares clocks. It only saves work twice done: what is shared changes by renaming
# a finished file, so nothing breaks where a holder was taken for dead that had only been halted.

lock_pulse_seconds=3
# Looks, a second apart, that find the same pulse before the holder counts as dead.
lock_patience=20
lock=
pulse=

# take_lock FOLDER WHAT: returns once this process has the lock, or with 143 once `stopped` is set. The folder's
# parent exists.
take_lock() {
	unit="${JRUN_NAME:-} ${JRUN_UID:-} ${JRUN_UNIT:-master}"
	lock_owner="$unit $(date +%s)-$$"
	seen=
	looks=0
	told=
	until mkdir "$1" 2>/dev/null; do
		if [ ! -d "$1" ]; then
			# It went away just now, or the folder cannot be written.
			mkdir "$1" && break
			[ -d "$1" ] || return 1
		fi
		[ -z "${stopped:-}" ] || return 143
		now=$(cat "$1/owner" "$1/pulse" 2>/dev/null)
		case $now in
			# This unit's own earlier start, which has ended.
			"$unit "*) looks=$lock_patience ;;
			"$seen") looks=$((looks + 1)) ;;
			*) looks=0 ;;
		esac
		seen=$now
		if [ "$looks" -ge "$lock_patience" ]; then
			dead=$1.dead-${JRUN_UID:-}-$$
			mv "$1" "$dead" 2>/dev/null && rm -rf "$dead"
			looks=0
			continue
		fi
		if [ -z "$told" ]; then
			holder=$(cat "$1/owner" 2>/dev/null)
			say "waiting for job ${holder%% *}, which $2."
			told=1
		fi
		sleep 1
	done
	lock=$1
	echo "$lock_owner" >"$lock/owner" || return 1
	beat "$lock" >/dev/null 2>&1 3>&- &
	pulse=$!
}

beat() {
	count=0
	# Not beyond the process that holds it.
	while kill -0 $$ && [ -d "$1" ]; do
		count=$((count + 1))
		echo "$count" >"$1/pulse"
		sleep "$lock_pulse_seconds"
	done
}

has_lock() {
	[ -n "$lock" ] && [ "$(cat "$lock/owner" 2>/dev/null)" = "$lock_owner" ]
}

release_lock() {
	[ -z "$pulse" ] || kill "$pulse" 2>/dev/null
	pulse=
	! has_lock || rm -rf "$lock"
	lock=
}

# new_folder PARENT: leaves in `folder` one that nobody has had.
new_folder() {
	mkdir -p "$1" || return 1
	number=1
	until mkdir "$1/${JRUN_UID:-local}-$number" 2>/dev/null; do
		[ -d "$1/${JRUN_UID:-local}-$number" ] || return 1
		number=$((number + 1))
	done
	folder=$1/${JRUN_UID:-local}-$number
}

# publish FILE TEXT: all of it at once.
publish() {
	echo "$2" >"$1.${JRUN_UID:-local}" && mv -f "$1.${JRUN_UID:-local}" "$1"
}
