import type { LogStream } from "../logs/log-entry.ts";
import { programArgument, type Program, type ProgramStep } from "../memory/program.ts";

/**
 * A command that does what the program says, by a POSIX shell; the memory backend finds the program itself in the last
 * argument.
 * @param stateDir - folder that outlives restarts of a failed unit.
 */
export function programCommand(program: Program, stateDir: string): string[] {
  const { steps, onStop } = program;
  return [
    "/bin/sh",
    "-c",
    toScript({ steps, ...(onStop ? { onStop } : {}) }, stateDir),
    programArgument(program),
  ];
}

/** The program as a shell script. Every wait is one that a signal ends at once. */
export function toScript({ steps, onStop }: Program, stateDir: string): string {
  const last = onStop?.print === undefined ? [] : [printLine(onStop.print, "stdout")];
  const slow = onStop?.afterMs === undefined ? [] : [`sleep ${seconds(onStop.afterMs)}`];
  return [
    "stop() {",
    ...[...slow, ...last, `exit ${onStop?.exitCode ?? 143}`].map((line) => `  ${line}`),
    "}",
    "trap stop TERM INT",
    'pause() { sleep "$1" & wait $!; }',
    ...steps.flatMap((step) => toLines(step, stateDir)),
    "exit 0",
  ].join("\n");
}

function toLines(step: ProgramStep, stateDir: string): string[] {
  switch (step.do) {
    case "print":
      return [printLine(step.text, step.stream)];
    case "write":
      return [`printf '${toOctal(Buffer.from(step.base64, "base64"))}'${redirect(step.stream)}`];
    case "count":
      return countLines(step);
    case "sleep":
      return [`pause ${seconds(step.ms)}`];
    case "exit":
      return [`exit ${step.code}`];
    case "untilStopped":
      return ["while :; do pause 3600; done"];
    case "exhaustMemory":
      return ["x=0123456789abcdef", "while :; do x=$x$x; done"];
    case "failFirst":
      return [
        `f="${stateDir}/starts-$JRUN_UID-$JRUN_UNIT"`,
        'n=$(cat "$f" 2>/dev/null || echo 0)',
        'echo $((n + 1)) > "$f"',
        `if [ "$n" -lt ${step.starts} ]; then exit ${step.code}; fi`,
      ];
    case "onWorker":
      return [
        `if [ "\${JRUN_WORKER_INDEX:-}" = ${step.index} ]; then`,
        ...step.steps.flatMap((inner) => toLines(inner, stateDir)).map((line) => `  ${line}`),
        "fi",
      ];
    case "waitFor":
      return [`while [ ! -e ${quote(step.path)} ]; do pause 0.05; done`];
    case "serve":
      return [
        'w="/tmp/www-$$"',
        `mkdir -p "$w" && printf '%s %s\\n' ${quote(step.text)} "$JRUN_UNIT" > "$w/index.html"`,
        `httpd -f -p ${step.port} -h "$w" & wait $!`,
        "exit 9",
      ];
    case "ask":
      return [`wget -q -O - http://${step.job}:${step.port}/ || exit 1`];
    case "touch":
      return [`: > ${quote(step.path)} || exit 1`];
    case "printEnv":
      return step.names.map((name) => `printf '%s\\n' "${name}=\${${name}:-}"`);
    default:
      return [`cat ${quote(step.path)} || exit 1`];
  }
}

function countLines(step: Extract<ProgramStep, { do: "count" }>): string[] {
  return [
    "i=0",
    `while [ $i -lt ${step.lines} ]; do`,
    `  echo ${quote(step.prefix)}$i${redirect(step.stream)}`,
    "  i=$((i + 1))",
    ...(step.everyMs === undefined ? [] : [`  pause ${seconds(step.everyMs)}`]),
    "done",
  ];
}

function printLine(text: string, stream: LogStream | undefined): string {
  return `printf '%s\\n' ${quote(text)}${redirect(stream)}`;
}

function redirect(stream: LogStream | undefined): string {
  return stream === "stderr" ? " >&2" : "";
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function toOctal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
