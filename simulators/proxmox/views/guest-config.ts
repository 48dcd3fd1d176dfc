import { createHash } from 'node:crypto';
import { died } from '../errors.ts';
import type { SimGuest } from '../guest.ts';
import { parentOf } from '../snapshot.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/**
 * `GET …/config`: the guest's configuration file, with the digest over it that later writes can be tied to.
 *
 * @param snapshot as it was then
 */
export function guestConfig(now: SimGuest, snapshot?: string): Readonly<Record<string, unknown>> {
  const guest = snapshot === undefined ? now : asIn(now, snapshot);
  const { isBare, lock, spec } = guest;
  const made = guest.type === 'qemu' ? vmConfig(guest) : containerConfig(guest);
  const config = isBare ? (lock === undefined ? {} : { lock }) : { ...made, ...spec.config };
  const lines = Object.entries(config).map(([key, value]) => `${key}: ${String(value)}\n`);
  return { ...config, digest: createHash('sha1').update(lines.join('')).digest('hex') };
}

/** @throws PveError where there is no such snapshot */
function asIn(guest: SimGuest, snapshot: string): SimGuest {
  const found = guest.spec.snapshots?.find(({ name }) => name === snapshot);
  if (found === undefined) throw died(`snapshot '${snapshot}' does not exist`);
  const { snapshots: _, ...spec } = { ...guest.spec, ...found.settings };
  return Object.create(guest, { spec: { value: spec } }) as SimGuest;
}

/** `GET …/pending`: what is in force, and what is to be. */
export function guestPending(guest: SimGuest): readonly object[] {
  const { pending = {} } = guest.spec;
  const config = guestConfig(guest);
  const keys = [...new Set([...Object.keys(config), ...Object.keys(pending)])];
  return keys.map((key) => {
    const next = pending[key];
    return {
      key,
      ...(config[key] === undefined ? {} : { value: config[key] }),
      ...(next === null ? { delete: 1 } : next === undefined ? {} : { pending: next }),
    };
  });
}

function vmConfig(guest: SimGuest): Readonly<Record<string, unknown>> {
  const { spec, vmid, mac } = guest;
  const pci = (spec.hostpci ?? []).map((address, index) => [`hostpci${index}`, `${address},pcie=1,x-vga=0`]);
  const volume = `${storageOf(guest)}:${spec.template === true ? 'base' : 'vm'}-${vmid}-disk-0`;
  return {
    ...shared(guest),
    name: spec.name,
    ...(spec.agent === undefined ? {} : { agent: 'enabled=1' }),
    boot: 'order=scsi0;net0',
    sockets: 1,
    cpu: 'x86-64-v2-AES',
    numa: 0,
    // Text since it may hold more than the number.
    memory: String(spec.memory / MIB),
    meta: `creation-qemu=10.1.2,ctime=${guest.created}`,
    ostype: spec.ostype ?? 'l26',
    scsihw: 'virtio-scsi-single',
    scsi0: `${volume},discard=on,iothread=1,size=${spec.disk / GIB}G`,
    net0: `virtio=${mac},bridge=${spec.bridge ?? 'vmbr0'},firewall=1${tagOf(guest)}`,
    smbios1: `uuid=${guest.uuid}`,
    vmgenid: guest.vmgenid,
    ...(spec.machine !== undefined && { machine: spec.machine }),
    ...(spec.bios !== undefined && { bios: spec.bios }),
    ...Object.fromEntries(pci),
  };
}

function containerConfig(guest: SimGuest): Readonly<Record<string, unknown>> {
  const { spec, vmid, mac } = guest;
  const fixed = spec.addresses?.find((each) => !each.includes(':'));
  const { bridge = 'vmbr0', gateway, isLeased } = spec;
  const address = isLeased === true ? 'dhcp' : (fixed ?? 'dhcp');
  const gw = gateway === undefined ? '' : `gw=${gateway},`;
  return {
    ...shared(guest),
    hostname: spec.name,
    arch: 'amd64',
    features: 'nesting=1',
    memory: spec.memory / MIB,
    swap: 512,
    net0: `name=eth0,bridge=${bridge},firewall=1,${gw}hwaddr=${mac},ip=${address}${tagOf(guest)},type=veth`,
    ostype: spec.oci === undefined ? (spec.ostype ?? 'debian') : 'unmanaged',
    ...(spec.oci !== undefined && { entrypoint: spec.oci.entrypoint, env: spec.oci.env.join('\0') }),
    rootfs: `${storageOf(guest)}:subvol-${vmid}-disk-0,size=${spec.disk / GIB}G`,
    unprivileged: 1,
  };
}

function shared({ spec, tags, lock }: SimGuest): Readonly<Record<string, unknown>> {
  const { cores, onboot, protection, template, description, startup } = spec;
  const parent = parentOf(spec);
  return {
    cores,
    ...(parent === undefined ? {} : { parent }),
    ...(onboot === true ? { onboot: 1 } : {}),
    ...(protection === true ? { protection: 1 } : {}),
    ...(template === true ? { template: 1 } : {}),
    ...(description === undefined ? {} : { description }),
    ...(startup === undefined ? {} : { startup }),
    ...(tags === undefined ? {} : { tags }),
    ...(lock === undefined ? {} : { lock }),
  };
}

const storageOf = ({ spec }: SimGuest): string => spec.storage ?? 'local-zfs';
const tagOf = ({ spec: { vlan } }: SimGuest): string => (vlan === undefined ? '' : `,tag=${vlan}`);
