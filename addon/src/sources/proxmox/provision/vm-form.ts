import type { CreateVmInput } from '../../../contract/inputs/create-vm.ts';
import { formOf, MIB_IN_GIB } from './new-guest.ts';

/** What a new machine is, wherever it comes from. */
export const aboutForm = ({ cores = 2, memory = 2, tags, start_on_boot }: CreateVmInput) =>
  formOf({
    ...{ cores, memory: Math.round(memory * MIB_IN_GIB), agent: 'enabled=1' },
    tags: tags === undefined || tags.length === 0 ? undefined : tags.join(';'),
    onboot: start_on_boot,
  });

export const netOf = (bridge: string, vlan: number | undefined): string =>
  `virtio,bridge=${bridge}${vlan === undefined ? '' : `,tag=${vlan}`}`;

/** What Proxmox VE's own cloud-init drive tells the machine. @param isNew nothing was set before */
export function cloudInitForm(input: CreateVmInput, isNew: boolean): Readonly<Record<string, string>> {
  const { user, ssh_keys: keys, ip, gateway, dns, search_domain } = input;
  const address = ip ?? (isNew ? 'dhcp' : undefined);
  return formOf({
    ciuser: user,
    // Proxmox VE wants it escaped once more than a form does that anyway.
    sshkeys: keys === undefined || keys.length === 0 ? undefined : encodeURIComponent(keys.join('\n')),
    ipconfig0:
      address === undefined ? undefined : `ip=${address}${gateway === undefined ? '' : `,gw=${gateway}`}`,
    nameserver: dns === undefined || dns.length === 0 ? undefined : dns.join(' '),
    searchdomain: search_domain,
  });
}

export interface NewMachine {
  readonly vmid: number;
  readonly mark: string;
  readonly bridge: string;
  readonly storage: string;
  /** Volume that its disk is made of; left out: it is empty. */
  readonly image?: string;
  /** False: it gets no cloud-init drive. */
  readonly isTold?: boolean;
  /** GiB of an empty disk. */
  readonly disk: number;
  /** Volume with its user data. */
  readonly seed?: string;
}

/** `POST /nodes/{node}/qemu` */
export function creationForm(input: CreateVmInput, machine: NewMachine): Readonly<Record<string, string>> {
  const { vmid, mark, bridge, storage, image, isTold = true, disk, seed } = machine;
  const hasDrive = seed === undefined && isTold;
  const { name, pool, vlan, iso, firmware } = input;
  const source = image === undefined ? `${disk}` : `0,import-from=${image}`;
  return {
    ...formOf({
      ...{ vmid, name, pool, description: mark },
      ...{ ostype: 'l26', cpu: 'x86-64-v2-AES', scsihw: 'virtio-scsi-single' },
    }),
    ...aboutForm(input),
    ...formOf({
      net0: netOf(bridge, vlan),
      scsi0: `${storage}:${source},discard=on,iothread=1`,
      boot: iso === undefined ? 'order=scsi0' : 'order=scsi0;ide2',
      // Cloud images write to it, and some do not start without.
      serial0: image === undefined ? undefined : 'socket',
      ide2: iso === undefined ? (hasDrive ? `${storage}:cloudinit` : undefined) : `${iso},media=cdrom`,
      scsi1: seed === undefined ? undefined : `${seed},media=cdrom`,
    }),
    ...(firmware === 'uefi' &&
      formOf({
        ...{ bios: 'ovmf', machine: 'q35' },
        efidisk0: `${storage}:1,efitype=4m,pre-enrolled-keys=0`,
      })),
    ...(image !== undefined && hasDrive && cloudInitForm(input, true)),
  };
}
