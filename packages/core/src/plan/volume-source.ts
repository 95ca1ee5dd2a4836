/** Where a volume's data lives; one variant a kind of the configuration's `storage` section (manual: Storage Resources). */
export type VolumeSource =
  | { readonly kind: "hostpath"; readonly path: string; readonly readOnly: boolean }
  | { readonly kind: "scratch"; readonly readOnly: boolean; readonly capacityBytes?: number }
  | {
      readonly kind: "nfs";
      readonly server: string;
      readonly path: string;
      readonly readOnly: boolean;
      readonly capacityBytes?: number;
    }
  | {
      readonly kind: "glusterfs";
      readonly addresses: readonly string[];
      readonly volume: string;
      readonly readOnly: boolean;
      readonly capacityBytes?: number;
    }
  | {
      readonly kind: "azurefs";
      readonly credential: string;
      readonly share: string;
      readonly readOnly: boolean;
    }
  | {
      readonly kind: "azuredisk";
      readonly disk: string;
      readonly uri: string;
      readonly readOnly: boolean;
    }
  | {
      readonly kind: "gitrepo";
      readonly repository: string;
      readonly ref?: string;
      readonly depth?: number;
      /** User name that goes with the token; `git` where absent. */
      readonly username?: string;
      /** Reference of the image that clones it; the backend's own choice where absent. */
      readonly image?: string;
      /** Where the token for a private repository is, never the token itself: a secret's name (Kubernetes), a file, a variable. */
      readonly credential?: string | { readonly file: string } | { readonly env: string };
    }
  | {
      readonly kind: "gce";
      readonly disk: string;
      readonly fsType?: string;
      readonly readOnly: boolean;
    }
  | {
      readonly kind: "ebs";
      readonly volumeId: string;
      readonly fsType: string;
      readonly readOnly: boolean;
    };

/** A kind of the configuration's `storage` section. */
export type VolumeKind = VolumeSource["kind"];
