#!/bin/sh
# Runs a command with the package environment that the job asks for: /bin/sh /opt/juliarun/prepared.sh command [argument...]
# It leads the program's process group, so signals that reach the program reach it too.
runtime=${0%/*}
. "$runtime/lib/process.sh"
. "$runtime/lib/environment.sh"
. "$runtime/lib/lock.sh"
. "$runtime/lib/bundle.sh"
. "$runtime/lib/project.sh"

find_system_depots
if [ -n "${JRUN_PROJECT:-}" ]; then
	use_project || exit
fi
[ -n "${JRUN_BUILD_BUNDLE:-}" ] || exec "$@"

stopped=
trap 'stopped=1' TERM INT HUP QUIT
trap : USR1 USR2
begin_build
result=$?
if [ "$result" = 0 ] && [ -z "$stopped" ]; then
	"$@"
	result=$?
fi
[ -z "$stopped" ] || [ "$result" != 0 ] || result=143
if [ "$result" = 0 ]; then
	finish_build
	result=$?
fi
[ "$result" = 0 ] || end_build
release_lock
exit "$result"
