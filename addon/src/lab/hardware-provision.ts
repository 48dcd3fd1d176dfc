import { gpuMappingInput } from '../contract/inputs/gpu.ts';
import { zfsPoolInput } from '../contract/inputs/zfs-pool.ts';
import { provisioned } from './provisioned.ts';

export const createZfsPool = provisioned({
  id: 'create_zfs_pool',
  title: 'Create ZFS pool',
  description:
    'Makes a ZFS pool of unused disks of a node, told by serial number or WWN, with ashift 12 and lz4. Disks that hold ' +
    'anything are refused: nothing is wiped.',
  de: {
    title: 'ZFS-Pool anlegen',
    description:
      'Legt aus unbenutzten Disks eines Nodes, benannt nach Seriennummer oder WWN, einen ZFS-Pool an, mit ashift 12 und ' +
      'lz4. Disks, auf denen etwas liegt, werden abgelehnt: Gelöscht wird nichts.',
  },
  risk: 'destroy',
  kinds: ['node'],
  // What runs goes on: only disks that nobody uses are written to.
  interrupts: () => false,
  confirmation: ({ name, disks }) => [name, ...disks].join(' '),
  input: zfsPoolInput,
});

export const attachGpu = provisioned({
  id: 'attach_gpu',
  title: 'Attach GPU',
  description:
    'Passes a graphics card of the node through to a virtual machine that is off, by a mapping. What has to be done on ' +
    'the node itself is told, not done.',
  de: {
    title: 'GPU anschließen',
    description:
      'Reicht eine Grafikkarte des Nodes an eine ausgeschaltete virtuelle Maschine durch, über ein Mapping. Was am Node ' +
      'selbst zu tun ist, wird gesagt, nicht getan.',
  },
  risk: 'provision',
  kinds: ['guest'],
  input: gpuMappingInput,
});

export const detachGpu = provisioned({
  id: 'detach_gpu',
  title: 'Detach GPU',
  description: 'Takes a graphics card away from a virtual machine that is off.',
  de: {
    title: 'GPU trennen',
    description: 'Nimmt einer ausgeschalteten virtuellen Maschine eine Grafikkarte weg.',
  },
  risk: 'provision',
  kinds: ['guest'],
  input: gpuMappingInput,
});
