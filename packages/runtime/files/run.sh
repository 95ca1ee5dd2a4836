#!/bin/sh
# Runs a unit's program in its container: /bin/sh /opt/juliarun/run.sh [program arguments]
# POSIX sh only; dash, busybox and bash are tested.
runtime=${0%/*}
. "$runtime/lib/folder.sh"
. "$runtime/lib/process.sh"
. "$runtime/lib/environment.sh"
. "$runtime/lib/logs.sh"
. "$runtime/lib/program.sh"

handle_signals
enter_folder
make_state_folder
read_secrets
set_home
set_julia_paths
open_logs

exit_if_stopped
if [ -n "$pipes" ]; then
	run_program "$@" </dev/null >"$pipes/stdout" 2>"$pipes/stderr" &
else
	run_program "$@" </dev/null &
fi
program=$!
# A signal that came before `program` was known.
[ -z "$stopped_by" ] || forward "$stopped_by"

await "$program"
program_status=$status
close_logs
[ -z "$state" ] || rm -rf "$state"
exit "$program_status"
