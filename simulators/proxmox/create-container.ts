import { check, may } from './access.ts';
import { badParameters, died, forbidden } from './errors.ts';
import {
  checkAllocate,
  checkAtGuest,
  checkBridge,
  checkStorage,
  checkUnused,
  fill,
  type Maker,
} from './making.ts';
import { isSet, numberOf, textOf } from './parameters.ts';
import { newDiskOf, propertyOf, storageIn } from './property.ts';
import { bridgeOf, DNS_NAME } from './settings.ts';
import type { SimTask } from './tasks.ts';
import { volidOf } from './views/volumes.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** `POST /nodes/{node}/lxc`. @throws PveError for what is refused before there is a task */
export function createContainer(maker: Maker): SimTask {
  const { cluster, node, who, values } = maker;
  const vmid = Number(values.vmid);
  cluster.checkQuorum();
  const isPrivileged = values.unprivileged !== undefined && !isSet(values, 'unprivileged');
  if (isPrivileged) check(who, '/', ['Sys.Modify']);
  checkUnused(cluster, vmid);
  checkAllocate(maker, vmid);
  checkSettings(maker, vmid, isPrivileged);
  const template = textOf(values, 'ostemplate') ?? '';
  const at = `/storage/${storageIn(template)}`;
  if (!may(who, at, 'Datastore.AllocateSpace'))
    check(who, at, ['Datastore.AllocateSpace', 'Datastore.Audit'], true);
  const rootfs = newDiskOf(propertyOf(textOf(values, 'rootfs') ?? '').first ?? '');
  const { storage, gib } = rootfs ?? { storage: textOf(values, 'storage') ?? 'local', gib: 4 };
  checkStorage(maker, storage, 'rootdir');
  const file = cluster.files.find((each) => volidOf(each) === template && each.content === 'vztmpl');
  const net = propertyOf(textOf(values, 'net0') ?? '').parts;
  const ip = net.get('ip') ?? 'dhcp';
  const isLeased = ip === 'dhcp';
  const gateway = net.get('gw');
  const tags = textOf(values, 'tags')
    ?.split(/[;, ]+/)
    .filter(Boolean);
  const pool = textOf(values, 'pool');
  const description = textOf(values, 'description');
  const guest = cluster.create({
    ...{ vmid, node, type: 'lxc', storage, disk: gib * GIB, isLeased, ...bridgeOf(values) },
    name: textOf(values, 'hostname') ?? `CT${vmid}`,
    cores: numberOf(values, 'cores') ?? cluster.node(node).spec.cpus,
    memory: (numberOf(values, 'memory') ?? 512) * MIB,
    addresses: [isLeased ? `10.0.20.${(vmid % 150) + 100}/24` : ip],
    ...(gateway !== undefined && { gateway }),
    ...(tags !== undefined && { tags }),
    ...(pool !== undefined && { pool }),
    ...(description !== undefined && { description: `${description}\n` }),
    onboot: isSet(values, 'onboot'),
    ...(file?.name.endsWith('.tar') && { oci: { entrypoint: '/app/server', env: ['PATH=/usr/bin'] } }),
    config: Object.fromEntries(
      ['nameserver', 'searchdomain', 'swap', 'features', 'unprivileged']
        .filter((name) => values[name] !== undefined)
        .map((name) => [name, typeof values[name] === 'number' ? values[name] : String(values[name])]),
    ),
  });
  guest.isBare = true;
  guest.lock = 'create';
  return cluster.tasks.start({
    ...{ node, type: 'vzcreate', id: String(vmid), user: who.id },
    run: async (task) => {
      await fill(task, cluster, guest, storage, cluster.makeMs, () => {
        if (file === undefined) throw new Error(`volume '${template}' does not exist`);
      });
    },
  });
}

/** As `check_ct_modify_config_perm`. */
function checkSettings(maker: Maker, vmid: number, isPrivileged: boolean): void {
  const { who, values } = maker;
  const needs = (name: string): string | undefined => {
    if (/^(cores|cpuunits|cpulimit)$/.test(name)) return 'VM.Config.CPU';
    if (/^(rootfs|mp\d+)$/.test(name)) return 'VM.Config.Disk';
    if (/^(memory|swap)$/.test(name)) return 'VM.Config.Memory';
    if (/^(net\d+|nameserver|searchdomain|hostname)$/.test(name)) return 'VM.Config.Network';
    if (
      /^(node|vmid|ostemplate|storage|pool|start|unprivileged|password|ssh-public-keys|tags|features)$/.test(
        name,
      )
    )
      return undefined;
    return 'VM.Config.Options';
  };
  for (const name of Object.keys(values)) {
    const privilege = needs(name);
    if (privilege !== undefined) checkAtGuest(maker, vmid, privilege);
    if (/^(mp\d+|rootfs)$/.test(name) && String(values[name]).startsWith('/'))
      throw forbidden('mount point type bind is only allowed for root@pam');
    if (/^(dev\d+|hookscript)$/.test(name) && !who.root)
      throw forbidden('configuring device passthrough is only allowed for root@pam');
  }
  const features = propertyOf(textOf(values, 'features') ?? '').parts;
  if (features.size > 0 && !who.root) {
    if (isPrivileged)
      throw forbidden('changing feature flags for privileged container is only allowed for root@pam');
    if (features.size > 1 || !features.has('nesting'))
      throw forbidden('changing feature flags (except nesting) is only allowed for root@pam');
    checkAtGuest(maker, vmid, 'VM.Allocate');
  }
  const { bridge, vlan } = bridgeOf(values);
  if (bridge !== undefined) checkBridge(maker, bridge, vlan);
  const keys = textOf(values, 'ssh-public-keys');
  if (keys?.split('\n').some((line) => line.trim() !== '' && !/^(ssh-|ecdsa-|sk-)\S+ \S+/.test(line.trim())))
    throw died('SSH public key validation error');
  const name = textOf(values, 'hostname');
  if (name !== undefined && !DNS_NAME.test(name))
    throw badParameters({ hostname: `invalid format - value does not look like a valid DNS name` });
}
