/** The argument of programs that KWOK lets end at once; all others run until their pods are deleted. */
export const ENDS = "ends";

const API_VERSION = "kwok.x-k8s.io/v1alpha1";

/** What a stage changes, and which objects it is for. */
interface Stage {
  readonly kind: "Node" | "Pod";
  /** In jq's language. */
  readonly when: readonly Requirement[];
  readonly next: object;
}

interface Requirement {
  readonly key: string;
  readonly operator: "Exists" | "DoesNotExist" | "In" | "NotIn";
  readonly values?: readonly string[];
}

const NOT_DELETED: Requirement = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };

function toCondition(type: string): string {
  return `- {type: ${type}, status: "True", lastTransitionTime: {{ $now | Quote }}}`;
}

/** As KWOK's own stages for nodes and pods without delays, but that only programs with the argument {@link ENDS} end. */
const STAGES: Readonly<Record<string, Stage>> = {
  "node-initialize": {
    kind: "Node",
    when: [
      {
        key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
        operator: "NotIn",
        values: ["True"],
      },
    ],
    next: {
      statusTemplate: `{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
phase: Running
`,
    },
  },
  "pod-ready": {
    kind: "Pod",
    when: [NOT_DELETED, { key: ".status.podIP", operator: "DoesNotExist" }],
    next: {
      statusTemplate: `{{ $now := Now }}
conditions:
${["Initialized", "Ready", "ContainersReady"].map(toCondition).join("\n")}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName false ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`,
    },
  },
  "pod-complete": {
    kind: "Pod",
    when: [
      NOT_DELETED,
      { key: ".status.phase", operator: "In", values: ["Running"] },
      { key: ".spec.containers.[].args.[]", operator: "In", values: [ENDS] },
    ],
    next: {
      statusTemplate: `{{ $now := Now }}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    terminated:
      exitCode: 0
      finishedAt: {{ $now | Quote }}
      reason: Completed
      startedAt: {{ $now | Quote }}
{{ end }}
phase: Succeeded
`,
    },
  },
  "pod-delete": {
    kind: "Pod",
    when: [{ key: ".metadata.deletionTimestamp", operator: "Exists" }],
    next: { finalizers: { empty: true }, delete: true },
  },
};

/** KWOK's configuration: YAML documents (JSON, which is YAML). */
export function stagesText(): string {
  return Object.entries(STAGES)
    .map(([name, { kind, when, next }]) =>
      JSON.stringify({
        apiVersion: API_VERSION,
        kind: "Stage",
        metadata: { name },
        spec: {
          resourceRef: { apiGroup: "v1", kind },
          selector: { matchExpressions: when },
          next,
        },
      }),
    )
    .join("\n---\n");
}
