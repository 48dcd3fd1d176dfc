import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import { newestKernel } from './kernels.ts';
import type { InstalledPackage, PendingPackage } from './wire.ts';

/** Which kernels are installed: the newest runs only after a reboot. The node opens its package lists for it. */
export const nodeKernels: NodeReader = {
  of: 'node',
  what: 'kernels of the nodes',
  due: 3_600,
  read: async ({ client, picture }, node, signal) => {
    const rows = await client.list<InstalledPackage>(`${nodePath(node)}/apt/versions`, signal);
    const release = newestKernel(rows);
    if (release !== undefined) picture.nodes.hasKernel(node, release);
  },
};

/** Packages that could be newer. Giving the privilege for it is how a user asks for them. */
export const nodeUpdates: NodeReader = {
  of: 'node',
  what: 'updates of the nodes',
  due: 1_800,
  read: async ({ client, picture, may }, node, signal) => {
    const path = nodePath(node);
    const packages = may(path, 'Sys.Modify')
      ? await client.list<PendingPackage>(`${path}/apt/update`, signal)
      : undefined;
    picture.nodes.hasPending(node, packages);
  },
};
