import type { CreateLxcInput } from '../../../contract/inputs/create-lxc.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check, StepOf } from '../../../contract/step.ts';
import { nodePath } from '../ids.ts';
import { nameOf } from '../node/control.ts';
import { addressStep } from './address-step.ts';
import type { Bench } from './bench.ts';
import type { Call } from './call.ts';
import { type Fetch, fetchStep } from './image.ts';
import { containerSourceOf } from './lxc-source.ts';
import { type Made, markOf, nextGeneration } from './made.ts';
import { memoryWarnings, rightsCheck, takenWarnings } from './make-checks.ts';
import { makeStep } from './make-step.ts';
import { checkNetwork, formOf, guestNeeds, MIB_IN_GIB, placeFor, roomiest } from './new-guest.ts';
import { startStep } from './own-steps.ts';
import { seeStep } from './see-made.ts';
import { type Before, tasksOf } from './task-step.ts';

const MAKE_MS = 3_600_000;
const ADDRESS_MS = 120_000;
/** GiB */
const USUAL_DISK = 8;

interface Decided {
  readonly made: Made;
  readonly before: Before;
  readonly call: Call;
  readonly fetch?: Fetch;
  readonly start: boolean;
  /** Address that it was given. */
  readonly address: string | null;
}

/** `POST /nodes/{node}/lxc`; always unprivileged. */
export function createLxc(bench: Bench): Task<CreateLxcInput> {
  const { desk, list, vmids } = bench;
  return {
    prepare: async ({ target, input, job, signal }) => {
      checkNetwork(input);
      await list(signal);
      const node = nameOf(desk, target.id);
      const { name, pool, ip = 'dhcp', memory = 2, disk = USUAL_DISK, start = true, image, ssh_keys } = input;
      const source = await containerSourceOf(desk, node, input, signal);
      const vmid = await vmids.choose(job !== undefined, signal);
      const storage = input.storage ?? roomiest(desk, node, 'rootdir');
      const load = storage === undefined ? undefined : { storage, gib: disk };
      const place = await placeFor(desk, node, input, 'rootdir', load, signal);
      const mark = markOf(job);
      const made: Made = {
        ...{ type: 'lxc', vmid, generation: nextGeneration(desk, vmid) },
        ...{ node, name, mark },
      };
      const privileges = [
        ...['VM.Audit', 'VM.Allocate', 'VM.Config.Disk', 'VM.Config.CPU', 'VM.Config.Memory'],
        ...['VM.Config.Network', 'VM.Config.Options', ...(start ? ['VM.PowerMgmt'] : [])],
      ];
      const checks: readonly Check[] = [
        ...rightsCheck(desk, [...guestNeeds(vmid, pool, privileges), ...source.needs, ...place.needs]),
        { name: 'VM id', ok: true, message: `${vmid} is free, and was not used within 30 days` },
        ...source.checks,
        ...place.checks,
      ];
      if (checks.some(({ ok }) => !ok)) vmids.release(vmid);
      const form = formOf({
        ...{ vmid, hostname: name, ostemplate: source.volid, description: mark },
        ...creationForm(input, place.bridge),
        rootfs: `${storage}:${disk}`,
      });
      return {
        decided: {
          ...{ made, start, before: await tasksOf(desk, node, vmid, signal) },
          call: { method: 'POST', path: `${nodePath(node)}/lxc`, form },
          address: ip === 'dhcp' ? null : (ip.split('/')[0] ?? null),
          ...(source.fetch !== undefined && { fetch: source.fetch }),
        } satisfies Decided,
        checks,
        warnings: [
          ...(await takenWarnings(desk, { name, ip }, signal)),
          ...memoryWarnings(desk, node, memory),
          ...source.warnings,
          ...(image !== undefined && ssh_keys?.length
            ? ['nobody logs in to an OCI image by SSH: the keys are left out']
            : []),
        ],
        fingerprint: [node, vmid, storage, source.volid].join(' '),
      };
    },
    steps: ({ decided }) => {
      const { made, before, call, fetch, start, address } = decided as unknown as Decided;
      const steps: readonly (StepOf<never> | undefined | false)[] = [
        fetch && fetchStep(bench, fetch),
        makeStep(bench, {
          ...{ name: `Make container ${made.vmid}`, call, type: 'vzcreate', ms: MAKE_MS },
          ...{ before, made },
        }),
        start && startStep(bench, made),
        seeStep(bench, made, start),
        start && addressStep(bench, made, address, ADDRESS_MS),
      ];
      return steps.filter((step) => typeof step === 'object') as never;
    },
  };
}

function creationForm(input: CreateLxcInput, bridge: string) {
  const { cores = 2, memory = 2, swap = 0.5, vlan, ip = 'dhcp', gateway, dns, search_domain } = input;
  const { ssh_keys: keys, nesting = true, tags, pool, start_on_boot: onboot, image } = input;
  const net = [
    ...['name=eth0', `bridge=${bridge}`, `ip=${ip}`],
    ...(gateway === undefined ? [] : [`gw=${gateway}`]),
    ...(vlan === undefined ? [] : [`tag=${vlan}`]),
  ];
  return {
    ...{ cores, memory: Math.round(memory * MIB_IN_GIB), swap: Math.round(swap * MIB_IN_GIB) },
    ...{ net0: net.join(','), unprivileged: 1, pool, onboot },
    features: nesting ? 'nesting=1' : undefined,
    nameserver: dns?.length ? dns.join(' ') : undefined,
    searchdomain: search_domain,
    'ssh-public-keys': image === undefined && keys?.length ? keys.join('\n') : undefined,
    tags: tags?.length ? tags.join(';') : undefined,
  };
}
