import { check } from './access.ts';
import type { ProxmoxCluster } from './cluster.ts';
import { badParameters, died } from './errors.ts';
import type { SimGuest } from './guest.ts';
import { checkLock, holding } from './holding.ts';
import { checkAtGuest, checkBridge, type Maker } from './making.ts';
import { isSet, textOf, type Values } from './parameters.ts';
import { propertyOf, storageIn } from './property.ts';
import type { GuestSpec } from './spec.ts';
import type { SimTask } from './tasks.ts';
import { guestConfig } from './views/guest-config.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1_024, M: MIB, G: GIB, T: 1_024 * GIB };

const PRIVILEGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(cores|cpu|cpulimit|cpuunits|sockets|smp|vcpus|affinity|numa\d*)$/, ['VM.Config.CPU']],
  [/^(memory|balloon|shares|hugepages|keephugepages)$/, ['VM.Config.Memory']],
  [
    /^(acpi|hotplug|kvm|machine|scsihw|smbios1|tablet|vga|watchdog|audio0|rng0|serial\d+)$/,
    ['VM.Config.HWType'],
  ],
  [
    /^(agent|autostart|bios|description|keyboard|localtime|name|onboot|ostype|protection|reboot|startdate|tdf)$/,
    ['VM.Config.Options'],
  ],
  [/^(boot|bootdisk|vmstatestorage|efidisk0|tpmstate0)$/, ['VM.Config.Disk']],
  [/^net\d+$/, ['VM.Config.Network']],
  [
    /^(cicustom|cipassword|citype|ciuser|ciupgrade|nameserver|searchdomain|sshkeys|ipconfig\d+)$/,
    ['VM.Config.Cloudinit', 'VM.Config.Network'],
  ],
];
/** Parameters that are no settings, and settings whose right depends on what they are set to. */
const OTHERS =
  /^(node|vmid|pool|storage|start|force|archive|unique|digest|delete|revert|skiplock|tags|ha-managed|unused\d+|import-working-storage|(scsi|ide|sata|virtio)\d+)$/;
/** Format `dns-name`. */
export const DNS_NAME = /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i;

/** As `check_vm_modify_config_perm`. @throws PveError */
export function checkVmSettings(maker: Maker, vmid: number): void {
  const { values } = maker;
  for (const name of Object.keys(values)) {
    if (OTHERS.test(name)) {
      const isDisc = propertyOf(String(values[name])).parts.get('media') === 'cdrom';
      if (/^(scsi|ide|sata|virtio)\d+$/.test(name))
        checkAtGuest(maker, vmid, isDisc ? 'VM.Config.CDROM' : 'VM.Config.Disk');
      continue;
    }
    if (/^hostpci\d+$/.test(name)) {
      const mapping = propertyOf(String(values[name])).parts.get('mapping');
      if (mapping === undefined) throw died(`only root can set '${name}' config for non-mapped devices`);
      checkAtGuest(maker, vmid, 'VM.Config.HWType');
      check(maker.who, `/mapping/pci/${mapping}`, ['Mapping.Use']);
      continue;
    }
    const [, privileges] = PRIVILEGES.find(([pattern]) => pattern.test(name)) ?? [];
    if (privileges === undefined) throw died(`only root can set '${name}' config`);
    checkAtGuest(maker, vmid, ...privileges);
  }
  const { bridge, vlan } = bridgeOf(values);
  if (bridge !== undefined) checkBridge(maker, bridge, vlan);
  const name = textOf(values, 'name');
  if (name !== undefined && !DNS_NAME.test(name))
    throw badParameters({ name: 'invalid format - value does not look like a valid DNS name' });
}

/** Of the first network card. */
export function bridgeOf(values: Values): { readonly bridge?: string; readonly vlan?: number } {
  const { parts } = propertyOf(textOf(values, 'net0') ?? '');
  const [bridge, tag] = [parts.get('bridge'), parts.get('tag')];
  return { ...(bridge !== undefined && { bridge }), ...(tag !== undefined && { vlan: Number(tag) }) };
}

/** A guest as it is with what was set: what is not made up from anything else is kept as it came. */
export function specOf(before: GuestSpec, values: Values, _: ProxmoxCluster): GuestSpec {
  const text = (name: string): string | undefined => textOf(values, name);
  const name = text(before.type === 'qemu' ? 'name' : 'hostname');
  const memory = text('memory');
  const cores = text('cores');
  const description = text('description');
  const onboot = values.onboot !== undefined && isSet(values, 'onboot');
  const known =
    /^(node|vmid|pool|storage|start|digest|delete|name|hostname|memory|cores|description|tags|onboot|protection|net0|agent|scsi0|rootfs|sockets|machine|bios|ostype|force|unique)$/;
  const rest = Object.entries(values).filter(
    ([key]) => !known.test(key) && !/^(scsi|ide|sata|virtio|efidisk)\d+$/.test(key),
  );
  const machine = text('machine');
  const bios = text('bios');
  const ostype = text('ostype');
  return {
    ...before,
    ...(name !== undefined && { name }),
    ...(memory !== undefined && { memory: Number(memory) * MIB }),
    ...(cores !== undefined && { cores: Number(cores) }),
    ...(description !== undefined && { description: `${description}\n` }),
    ...(text('tags') !== undefined && {
      tags: (text('tags') ?? '')
        .split(/[;, ]+/)
        .filter(Boolean)
        .sort(),
    }),
    ...(values.onboot !== undefined && { onboot }),
    ...(values.protection !== undefined && { protection: isSet(values, 'protection') }),
    ...bridgeOf(values),
    ...(machine !== undefined && { machine }),
    ...(bios !== undefined && { bios: bios as 'ovmf' }),
    ...(ostype !== undefined && { ostype }),
    config: {
      ...before.config,
      ...Object.fromEntries(rest.map(([key, value]) => [key, String(value)])),
    },
  };
}

/** `PUT …/config`: at once, without a task. What cannot change while it runs waits for the next start. */
export function configure(maker: Maker, guest: SimGuest): void {
  const { cluster, values } = maker;
  refuse(() => checkLock(guest));
  const digest = textOf(values, 'digest');
  if (digest !== undefined && digest !== guestConfig(guest).digest)
    throw died('detected modified configuration - file changed by other user? Try again.');
  const waits =
    guest.running && guest.type === 'qemu' ? Object.keys(values).filter((key) => COLD.test(key)) : [];
  const now = Object.fromEntries(Object.entries(values).filter(([key]) => !waits.includes(key)));
  const spec = specOf(guest.spec, now, cluster);
  const discs = Object.entries(now).filter(([key]) => /^(scsi|ide|sata)\d+$/.test(key) && key !== 'scsi0');
  const config = {
    ...spec.config,
    ...Object.fromEntries(discs.map(([key, value]) => [key, madeOf(guest, String(value))])),
  };
  const gone = (textOf(values, 'delete') ?? '').split(/[,; ]+/).filter(Boolean);
  const kept = Object.entries(config).filter(([key]) => !gone.includes(key));
  const pending = Object.fromEntries(waits.map((key) => [key, String(values[key])]));
  const ip = propertyOf(textOf(values, 'ipconfig0') ?? '').parts.get('ip');
  guest.spec = {
    ...withoutGone(spec, gone),
    config: Object.fromEntries(kept),
    ...(ip !== undefined && ip !== 'dhcp' && { addresses: [ip] }),
    ...(waits.length > 0 && { pending: { ...guest.spec.pending, ...pending } }),
  };
}

/** What a running machine cannot change. */
const COLD = /^(cores|sockets|memory|cpu|machine|bios|scsihw|vga|agent|boot|ostype)$/;

function withoutGone(spec: GuestSpec, gone: readonly string[]): GuestSpec {
  const { description, tags, protection, onboot, ...rest } = spec;
  const kept = { description, tags, protection, onboot };
  const entries = Object.entries(kept).filter(([key, value]) => value !== undefined && !gone.includes(key));
  return { ...rest, ...Object.fromEntries(entries) };
}

function madeOf({ vmid }: SimGuest, value: string): string {
  const { first = '' } = propertyOf(value);
  return first.endsWith(':cloudinit') ? `${storageIn(first)}:vm-${vmid}-cloudinit,media=cdrom` : value;
}

/** `PUT …/resize` */
export function resize(maker: Maker, guest: SimGuest): SimTask {
  const { cluster, who, values } = maker;
  const disk = textOf(values, 'disk') ?? '';
  const digest = textOf(values, 'digest');
  if (digest !== undefined && digest !== guestConfig(guest).digest)
    throw died('checksum mismatch (file change by other user?)');
  const [, more, number = '0', unit = ''] =
    /^(\+?)(\d+(?:\.\d+)?)([KMGT]?)$/.exec(textOf(values, 'size') ?? '') ?? [];
  return cluster.tasks.start({
    ...{ node: guest.node, type: 'resize', id: String(guest.vmid), user: who.id },
    run: (task) =>
      holding(task, guest, async () => {
        checkLock(guest);
        if (disk !== (guest.type === 'qemu' ? 'scsi0' : 'rootfs'))
          throw new Error(`disk '${disk}' does not exist`);
        const size = Number(number) * (UNITS[unit] ?? 1) + (more === '+' ? guest.spec.disk : 0);
        if (size < guest.spec.disk)
          throw new Error(
            guest.type === 'qemu' ? 'shrinking disks is not supported' : 'unable to shrink disk size',
          );
        if (size === guest.spec.disk && guest.type === 'lxc')
          throw new Error('disk is already at specified size');
        await task.pause(1_000);
        guest.spec = { ...guest.spec, disk: size };
      }),
  });
}

function refuse(run: () => void): void {
  try {
    run();
  } catch (thrown) {
    throw died((thrown as Error).message);
  }
}
