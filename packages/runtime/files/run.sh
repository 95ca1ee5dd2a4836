#!/bin/sh
# Runs a unit's program in its container: /bin/sh /opt/juliarun/run.sh [program arguments]
# POSIX sh only; dash, busybox and bash are tested.
runtime=${0%/*}
. "$runtime/lib/folder.sh"
. "$runtime/lib/process.sh"
. "$runtime/lib/environment.sh"
. "$runtime/lib/marks.sh"
. "$runtime/lib/logs.sh"
. "$runtime/lib/bundle.sh"
. "$runtime/lib/program.sh"

handle_signals
make_state_folder
open_marks
enter_folder
read_secrets
set_home
use_bundle
set_julia_paths
open_logs

[ -z "$stopped_by" ] || close_logs
exit_if_stopped
if [ -n "$pipes" ]; then
	run_program "$@" </dev/null >"$pipes/stdout" 2>"$pipes/stderr" 3>&- &
else
	run_program "$@" </dev/null 3>&- &
fi
program=$!
# A signal that came before `program` was known.
[ -z "$stopped_by" ] || forward "$stopped_by"

await "$program"
program_status=$status
close_logs
[ -z "$state" ] || rm -rf "$state"
exit "$program_status"
