import { z } from "zod";
import { memorySchema } from "../quantity/memory.ts";
import { flag, nonEmptyText, wholeNumber } from "../schema/text-scalars.ts";
import { secretFile, secretVariable } from "./secret.ts";

const name = z
  .string()
  .max(63, { error: "must have at most 63 characters" })
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
    error: "must be lower-case letters, digits and inner hyphens",
  })
  .meta({ description: "Name of the volume, unique among all kinds; mounted at /mnt/<name>" });
const readonly = flag.default(false).meta({ description: "Whether jobs may not write to it" });
const capacity = memorySchema.optional().meta({ description: "Size, such as 1Ti" });
const absolutePath = nonEmptyText.startsWith("/", { error: "must be an absolute path" });
const fsType = nonEmptyText.default("ext4").meta({ description: "File system" });

const glusterfs = z.strictObject({
  name: nonEmptyText.meta({ description: "Name of the GlusterFS cluster" }),
  ip: z
    .array(nonEmptyText)
    .min(1, { error: "must name at least one node" })
    .meta({ description: "Addresses of the nodes" }),
  mount: z
    .array(
      z.strictObject({
        volume: nonEmptyText.meta({ description: "Volume of the cluster" }),
        name,
        capacity,
        readonly,
      }),
    )
    .meta({ description: "Volumes to mount from the cluster" }),
});
const nfs = z.strictObject({
  // It becomes one of several mount options.
  server: nonEmptyText.regex(/^[^\s,]+$/, { error: "must be a host's name or address" }),
  path: absolutePath,
  name,
  readonly,
  capacity,
});
const azurefs = z.strictObject({
  credential: nonEmptyText.meta({
    description: "Secret in the job's namespace with storage account name and key",
  }),
  share: nonEmptyText,
  name,
  readonly,
});
const azuredisk = z.strictObject({ name, disk: nonEmptyText, uri: nonEmptyText, readonly });
const gitrepo = z.strictObject({
  name,
  repository: nonEmptyText
    .refine((text) => !/^https?:\/\/[^/]*@/.test(text), {
      error: "must not contain a user name or password: use credential",
    })
    .meta({ description: "Repository to clone; changes by jobs are not checked in" }),
  ref: nonEmptyText
    .optional()
    .meta({ description: "Branch, tag or commit; the default branch where absent" }),
  depth: wholeNumber(1)
    .optional()
    .meta({ description: "Number of commits to fetch; all where absent" }),
  credential: z
    .union([nonEmptyText, secretFile, secretVariable], {
      error: 'must be the name of a secret, { "file": "path" } or { "env": "NAME" }',
    })
    .optional()
    .meta({
      description:
        "Where the token for a private repository is: a secret of the cluster, a file, a variable",
    }),
  username: nonEmptyText
    .optional()
    .meta({ description: "User name that goes with the token; git where absent" }),
});
const gce = z.strictObject({
  name,
  disk: nonEmptyText,
  fs_type: nonEmptyText.optional(),
  readonly,
});
const ebs = z.strictObject({ name, volume_id: nonEmptyText, fs_type: fsType, readonly });
const scratch = z.strictObject({ name, readonly, capacity });
const hostpath = z.strictObject({
  name,
  path: nonEmptyText.meta({
    description: "Folder of the host; a relative one is meant from the configuration's folder",
  }),
  readonly,
});

/** The manual's section Storage Resources: all volumes that jobs may name. */
export const storageSchema = z.strictObject({
  glusterfs: z.array(glusterfs).default([]).meta({ description: "GlusterFS clusters" }),
  nfs: z.array(nfs).default([]).meta({ description: "NFS or Amazon EFS volumes" }),
  azurefs: z.array(azurefs).default([]).meta({ description: "Azure file shares" }),
  azuredisk: z.array(azuredisk).default([]).meta({ description: "Azure VHD disks" }),
  gitrepo: z.array(gitrepo).default([]).meta({ description: "Git repositories as volumes" }),
  gce: z.array(gce).default([]).meta({ description: "Google Cloud disks" }),
  ebs: z
    .array(ebs)
    .default([])
    .meta({ description: "Amazon EBS volumes; each for a single JuliaBatch job only" }),
  scratch: z
    .array(scratch)
    .default([])
    .meta({ description: "Temporary storage that ends with its unit" }),
  hostpath: z
    .array(hostpath)
    .default([])
    .meta({ description: "Folders of the host, for single machines" }),
});
