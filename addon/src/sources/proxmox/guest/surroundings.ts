/** What of the rest of the cluster matters to its guests. */
export interface Surroundings {
  /** Whether Labkeeper may do something: path and privilege of Proxmox VE. */
  may(path: string, privilege: string): boolean;
  /** Id of a storage, as a node sees it; undefined: there is none. */
  storage(name: string, node: string): string | undefined;
  /** Whether a node can put backups somewhere, with what we may do. */
  takesBackups(node: string): boolean;
}

export const NOTHING_KNOWN: Surroundings = {
  may: () => false,
  storage: () => undefined,
  takesBackups: () => false,
};
