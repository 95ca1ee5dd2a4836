#!/bin/sh
# Runs any command with marked stderr (lib/marks.sh): /bin/sh /opt/juliarun/mark.sh command [argument...]
# Signals reach the command, and its exit status is the container's.
runtime=${0%/*}
. "$runtime/lib/folder.sh"
. "$runtime/lib/process.sh"
. "$runtime/lib/marks.sh"
. "$runtime/lib/logs.sh"

JRUN_MARK_STDERR=1
handle_signals
make_state_folder
open_marks

[ -z "$stopped_by" ] || close_logs
exit_if_stopped
"$@" </dev/null 3>&- &
program=$!
# A signal that came before `program` was known.
[ -z "$stopped_by" ] || forward "$stopped_by"

await "$program"
program_status=$status
close_logs
[ -z "$state" ] || rm -rf "$state"
exit "$program_status"
