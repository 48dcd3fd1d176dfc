import { flag, oneOf, optional, type Parameter, type Parameters, text, whole } from '../parameters.ts';

const named = (parameter: Parameter, names: string): Parameters =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, optional(parameter)]));
const short = (maxLength: number): Parameter => ({ type: 'string', maxLength });
const numberIn = (minimum: number, maximum?: number): Parameter => ({
  ...{ type: 'number', minimum },
  ...(maximum !== undefined && { maximum }),
});

const KEYBOARDS =
  'de de-ch da en-gb en-us es fi fr fr-be fr-ca fr-ch hu is it ja lt mk nl no pl pt pt-br sv sl tr';
const VM_SYSTEMS = 'other wxp w2k w2k3 w2k8 wvista win7 win8 win10 win11 l24 l26 solaris';
const CONTAINER_SYSTEMS =
  'debian devuan ubuntu centos fedora opensuse archlinux alpine gentoo nixos unmanaged';

/** What of a virtual machine can be set; `[n]` stands for a number. */
export const VM_SETTINGS: Parameters = {
  ...named(
    flag,
    'acpi allow-ksm autostart ciupgrade freeze keephugepages kvm localtime numa onboot protection reboot tablet tdf template',
  ),
  ...named(
    text,
    `affinity agent amd-sev args audio0 boot bootdisk cdrom cicustom cipassword ciuser cpu efidisk0 hookscript hostpci[n]
    hotplug ide[n] intel-tdx ipconfig[n] ivshmem machine memory name nameserver net[n] numa[n] parallel[n] rng0 sata[n]
    scsi[n] searchdomain serial[n] spice_enhancements sshkeys startdate startup tags tpmstate0 unused[n] usb[n] vga
    virtio[n] virtiofs[n] vmgenid vmstatestorage watchdog`,
  ),
  arch: optional(oneOf('x86_64', 'aarch64')),
  ...named(whole(0), 'balloon migrate_speed'),
  bios: optional(oneOf('seabios', 'ovmf')),
  citype: optional(oneOf('configdrive2', 'nocloud', 'opennebula')),
  ...named(whole(1), 'cores smp sockets vcpus'),
  cpulimit: optional(numberIn(0, 128)),
  cpuunits: optional(whole(1, 262_144)),
  description: optional(short(8_192)),
  hugepages: optional(oneOf('any', '2', '1024')),
  keyboard: optional(oneOf(...KEYBOARDS.split(' '))),
  lock: optional(
    oneOf(...'backup clone create migrate rollback snapshot snapshot-delete suspending suspended'.split(' ')),
  ),
  migrate_downtime: optional(numberIn(0)),
  ostype: optional(oneOf(...VM_SYSTEMS.split(' '))),
  scsihw: optional(oneOf('lsi', 'lsi53c810', 'virtio-scsi-pci', 'virtio-scsi-single', 'megasas', 'pvscsi')),
  shares: optional(whole(0, 50_000)),
  smbios1: optional(short(512)),
};

/** What of a container can be set. */
export const CONTAINER_SETTINGS: Parameters = {
  arch: optional(oneOf('amd64', 'i386', 'arm64', 'armhf', 'riscv32', 'riscv64')),
  cmode: optional(oneOf('shell', 'console', 'tty')),
  ...named(flag, 'console debug onboot protection template unprivileged'),
  cores: optional(whole(1, 8_192)),
  cpulimit: optional(numberIn(0, 8_192)),
  cpuunits: optional(whole(0, 500_000)),
  description: optional(short(8_192)),
  ...named(
    text,
    `dev[n] entrypoint env features hookscript mp[n] nameserver net[n] rootfs searchdomain startup tags timezone
    unused[n]`,
  ),
  hostname: optional(short(255)),
  lock: optional(
    oneOf(
      ...'backup create destroyed disk fstrim migrate mounted rollback snapshot snapshot-delete'.split(' '),
    ),
  ),
  memory: optional(whole(16)),
  ostype: optional(oneOf(...CONTAINER_SYSTEMS.split(' '))),
  swap: optional(whole(0)),
  tty: optional(whole(0, 6)),
};

/** Beside the settings, of `POST /nodes/{node}/qemu`. */
export const VM_CREATION: Parameters = {
  ...VM_SETTINGS,
  ...named(flag, 'force ha-managed live-restore start unique'),
  ...named(text, 'import-working-storage pool storage'),
  archive: optional(short(255)),
  bwlimit: optional(whole(0)),
};

/** Beside the settings, of `POST /nodes/{node}/lxc`. */
export const CONTAINER_CREATION: Parameters = {
  ...CONTAINER_SETTINGS,
  ...named(flag, 'force ha-managed ignore-unpack-errors restore start unique'),
  ...named(text, 'password pool ssh-public-keys storage'),
  bwlimit: optional(numberIn(0)),
  ostemplate: short(255),
};

/** Beside the settings, of `PUT …/config`. */
export const VM_CHANGE: Parameters = {
  ...VM_SETTINGS,
  ...named(flag, 'force skiplock'),
  ...named(text, 'delete revert'),
  digest: optional(short(40)),
};
export const CONTAINER_CHANGE: Parameters = {
  ...CONTAINER_SETTINGS,
  ...named(text, 'delete revert'),
  digest: optional(short(40)),
};
