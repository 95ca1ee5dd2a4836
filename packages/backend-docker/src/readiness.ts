import type { Readiness } from "@juliarun/core";
import type Dockerode from "dockerode";

/** Says that the check has succeeded before: in memory that every container has, and that is new after each start. */
const MARK = "/dev/shm/.juliarun-ready";

const SECOND_NS = 1_000_000_000;

/**
 * Says whether something listens at a port: the kernel's tables do, so that no image needs a program for it. Arguments: the
 * port in hexadecimal digits and in decimal ones, a path for HTTP or nothing, and a file that says that it has succeeded. Once it
 * has succeeded, it takes its time: the engine runs a check that soon after the one before. No time limit but the engine's: given
 * one, some builds of BusyBox's wget crash.
 */
const CHECK = `
[ ! -e "$4" ] || sleep 5
for table in /proc/net/tcp /proc/net/tcp6; do
  [ -r "$table" ] || continue
  while read -r number local remote state rest; do
    [ "$state" = 0A ] || continue
    case $local in
      0100007F:*|00000000000000000000000001000000:*) ;;
      *:$1)
        if [ -n "$3" ]; then
          wget -q -O /dev/null "http://127.0.0.1:$2$3" || curl -fs -o /dev/null "http://127.0.0.1:$2$3" || exit 1
        fi
        { echo ready >"$4"; } 2>/dev/null
        exit 0 ;;
    esac
  done <"$table"
done
exit 1
`.trim();

/** The engine's health check of a container with that probe. Pure. */
export function toHealthcheck(
  readiness: Readiness,
): NonNullable<Dockerode.ContainerCreateOptions["Healthcheck"]> {
  const { port } = readiness;
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const path = readiness.kind === "http" ? readiness.path : "";
  return {
    Test: ["CMD", "/bin/sh", "-c", CHECK, "sh", hex, String(port), path, MARK],
    Interval: SECOND_NS,
    Timeout: 15 * SECOND_NS,
    Retries: 1,
  };
}

/** Whether the engine's list calls a container healthy, as in `Up 5 minutes (healthy)`. Pure. */
export function isHealthy(status: string): boolean {
  return status.endsWith("(healthy)");
}
