import { cloneGuestInput, deleteGuestInput } from '../contract/inputs/clone-guest.ts';
import { createLxcInput } from '../contract/inputs/create-lxc.ts';
import { createVmInput } from '../contract/inputs/create-vm.ts';
import { provisioned } from './provisioned.ts';

export const createVm = provisioned({
  id: 'create_vm',
  title: 'Create VM',
  description:
    'Makes a virtual machine on a node: from a template, from a cloud image by its address and checksum, or for an ISO to ' +
    'install from. Its id is chosen by itself; the job answers with id and address.',
  de: {
    title: 'VM anlegen',
    description:
      'Legt auf einem Knoten eine virtuelle Maschine an: aus einer Vorlage, aus einem Cloud-Image nach Adresse und ' +
      'Prüfsumme oder für ein ISO, von dem installiert wird. Ihre ID wird selbst gewählt; der Auftrag antwortet mit ID ' +
      'und Adresse.',
  },
  risk: 'provision',
  kinds: ['node'],
  // What is there goes on.
  interrupts: () => false,
  input: createVmInput,
});

export const createLxc = provisioned({
  id: 'create_lxc',
  title: 'Create container',
  description:
    'Makes an unprivileged system container on a node, from a template, which is fetched where it is missing, or from an ' +
    'OCI image (Proxmox VE 9.1 and later). The job answers with id and address.',
  de: {
    title: 'Container anlegen',
    description:
      'Legt auf einem Knoten einen unprivilegierten System-Container an, aus einer Vorlage, die bei Bedarf geholt wird, ' +
      'oder aus einem OCI-Image (ab Proxmox VE 9.1). Der Auftrag antwortet mit ID und Adresse.',
  },
  risk: 'provision',
  kinds: ['node'],
  interrupts: () => false,
  input: createLxcInput,
});

export const cloneGuest = provisioned({
  id: 'clone_guest',
  title: 'Clone guest',
  description:
    'Makes a copy of a guest under another name and id, as a whole or linked to a snapshot. Its network cards are new ones; ' +
    'all else, a fixed address too, is the same.',
  de: {
    title: 'Gast klonen',
    description:
      'Macht eine Kopie eines Gasts mit anderem Namen und anderer ID, im Ganzen oder mit einem Snapshot verknüpft. Ihre ' +
      'Netzwerkkarten sind neu; alles andere, auch eine feste Adresse, ist gleich.',
  },
  risk: 'provision',
  kinds: ['guest'],
  // What runs goes on.
  interrupts: () => false,
  input: cloneGuestInput,
});

export const deleteGuest = provisioned({
  id: 'delete_guest',
  title: 'Delete guest',
  description:
    'Deletes a guest that is off and not protected, with its disks and snapshots, and takes it out of backup jobs, ' +
    'replication and high availability. Its backups stay.',
  de: {
    title: 'Gast löschen',
    description:
      'Löscht einen Gast, der aus und nicht geschützt ist, mit Platten und Snapshots, und nimmt ihn aus Sicherungsjobs, ' +
      'Replikation und Hochverfügbarkeit. Seine Sicherungen bleiben.',
  },
  risk: 'destroy',
  kinds: ['guest'],
  takesAway: true,
  input: deleteGuestInput,
});
