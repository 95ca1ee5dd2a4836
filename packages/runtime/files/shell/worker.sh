#!/bin/sh
# The built-in startup shell of workers: the same as the master's; what differs is in the environment.
exec /bin/sh "${0%/*}/master.sh" "$@"
