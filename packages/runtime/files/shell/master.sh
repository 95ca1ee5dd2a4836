#!/bin/sh
# The built-in startup shell: runs the start script. A job's own shell finds the same environment, and can end
# with `exec sh /opt/juliarun/shell/master.sh "$@"`.
julia=${JRUN_EXECUTABLE:-julia}

if [ -z "${JRUN_START_SCRIPT:-}" ]; then
	echo "juliarun: JRUN_START_SCRIPT is not set: there is no script to run." >&2
	exit 127
elif [ ! -f "$JRUN_START_SCRIPT" ]; then
	echo "juliarun: the start script $JRUN_START_SCRIPT does not exist." >&2
	exit 127
elif [ ! -r "$JRUN_START_SCRIPT" ]; then
	echo "juliarun: the start script $JRUN_START_SCRIPT cannot be read by user $(id -u)." >&2
	exit 126
elif ! command -v "$julia" >/dev/null; then
	echo "juliarun: the image has no executable $julia; see images in the configuration." >&2
	exit 127
fi

exec "$julia" "$JRUN_START_SCRIPT" "$@"
