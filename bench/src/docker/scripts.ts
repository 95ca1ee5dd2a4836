/** What the jobs run, in place of Julia: what is measured is the manager. */
export const SCRIPTS = {
  /** Runs until it is stopped. */
  sleep: "exec sleep 3600\n",
  /** Ends at once. */
  end: "exit 0\n",
  /** Writes as many numbered lines as its argument says, then runs until it is stopped. */
  lines: `awk -v count="$1" 'BEGIN {
  for (i = 1; i <= count; i++) printf "%d of some lines as a program writes them: x = 0.123456789\\n", i
}'
exec sleep 3600
`,
} as const;

/** Name of a script. */
export type ScriptName = keyof typeof SCRIPTS;
