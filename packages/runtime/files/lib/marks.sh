# Engines that merge a container's streams (Kubernetes) get stderr marked, so that a reader can tell them apart.
# With JRUN_MARK_STDERR=1 every line of stderr reaches the container's stderr as
#
#     1E 65 1F  the line's bytes  1E 2E 1F  newline        (1E 7A 1F ...: a 1D in the line stands for 00)
#
# stdout stays as it is. The mark at the end tells where stderr ends that an engine glues to other output: to
# what has no newline, or is too long for one piece of its log. A newline that stderr lacks at its end is added
# where the tool cannot do without. Only a program that itself writes these very bytes is misread.

mark_begin=$(printf '\036e\037')
mark_begin_no_nul=$(printf '\036z\037')
mark_end=$(printf '\036.\037')

# Processes that mark.
markers=

# From here on everything written to fd 2 is marked, the wrapper's complaints too. fd 3 is the container's stderr.
open_marks() {
	[ "${JRUN_MARK_STDERR:-}" = 1 ] || return 0
	unset JRUN_MARK_STDERR
	if ! can_mark; then
		say "cannot mark stderr (as user $(id -u)): it is mixed with stdout."
		return 0
	fi
	# Opened for both first, so that no opening waits: a signal would end that, and the wrapper with it.
	exec 4<>"$state/marked"
	exec 5<"$state/marked" 6>"$state/marked" 4>&-
	start_markers
	exec 3>&2 2>&6 5<&- 6>&-
}

can_mark() {
	[ -n "$state" ] && command -v awk >/dev/null && mkfifo "$state/marked" "$state/without-nul" 2>/dev/null
}

# Each must show a line at once, without a look at the next one.
start_markers() {
	case $(sed --version 2>/dev/null) in
		*'not GNU'*)
			# busybox: its awk ends a line at a NUL, and its sed waits for the next line.
			LC_ALL=C tr '\000' '\035' <&5 >"$state/without-nul" 5<&- 6>&- &
			markers="$! "
			mark_by_awk "$mark_begin_no_nul" <"$state/without-nul" >&2 5<&- 6>&- &
			;;
		*GNU*)
			# What it writes to stderr is not buffered.
			LC_ALL=C sed -n "s/^/$mark_begin/;s/\$/$mark_end/;w /dev/stderr" <&5 >/dev/null 5<&- 6>&- &
			;;
		*) mark_by_awk "$mark_begin" <&5 >&2 5<&- 6>&- & ;;
	esac
	markers=$markers$!
}

mark_by_awk() {
	program='{ printf "%s%s%s\n", begin, $0, end; fflush() }'
	export LC_ALL=C
	# mawk reads ahead unless told not to.
	case $(awk -W version 2>&1 </dev/null) in
		mawk*) exec awk -W interactive -v "begin=$1" -v "end=$mark_end" "$program" ;;
		*) exec awk -v "begin=$1" -v "end=$mark_end" "$program" ;;
	esac
}

# The markers end when all that write to them have ended.
close_marks() {
	[ -z "$markers" ] || exec 2>&3 3>&-
}
