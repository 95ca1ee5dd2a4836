/** A port that a container listens on, and the one under which others know it. */
export interface PublishedPort {
  readonly port: number;
  readonly servicePort: number;
}

/** External: on all addresses at the service port. Else: on this machine only, at a port that the engine chooses. Pure. */
export function toPublished(
  external: boolean,
  ports: readonly PublishedPort[],
): Record<string, { HostIp: string; HostPort: string }[]> {
  return Object.fromEntries(
    ports.map(({ port, servicePort }) => [
      `${port}/tcp`,
      [
        external
          ? { HostIp: "0.0.0.0", HostPort: String(servicePort) }
          : { HostIp: "127.0.0.1", HostPort: "" },
      ],
    ]),
  );
}

/** The words for a port that some program of the machine, or another container, has; the engine gives no code for it. Pure. */
export function isPortTaken(error: string): boolean {
  return /address already in use|port is already allocated/.test(error);
}
