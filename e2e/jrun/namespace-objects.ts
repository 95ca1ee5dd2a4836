import type Docker from "dockerode";

/** Removes the containers, then the networks and volumes, that have the label of a namespace. */
export async function removeNamespace(docker: Docker, namespace: string): Promise<void> {
  const filters = { label: [`juliarun.namespace=${namespace}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(({ Id }) =>
      unlessGone(docker.getContainer(Id).remove({ force: true, v: true })),
    ),
  );
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => unlessGone(docker.getNetwork(Id).remove())));
  const { Volumes } = await docker.listVolumes({ filters });
  await Promise.all(Volumes.map(({ Name }) => unlessGone(docker.getVolume(Name).remove())));
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: unknown) => {
    if (!(error instanceof Error && "statusCode" in error && error.statusCode === 404)) throw error;
  });
}
