import type { CreateVmInput } from '../../../contract/inputs/create-vm.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check, StepOf } from '../../../contract/step.ts';
import { LabError } from '../../../core/errors.ts';
import { hasAgent } from '../guest/settings.ts';
import { guestPath, nodePath } from '../ids.ts';
import { nameOf } from '../node/control.ts';
import { addressStep } from './address-step.ts';
import type { Bench } from './bench.ts';
import type { Call } from './call.ts';
import { bootDiskOf } from './disks-in.ts';
import { type Fetch, fetchStep } from './image.ts';
import { type Made, markOf, nextGeneration } from './made.ts';
import { memoryWarnings, type Need, rightsCheck, takenWarnings } from './make-checks.ts';
import { makeStep } from './make-step.ts';
import { checkNetwork, formOf, guestNeeds, placeFor } from './new-guest.ts';
import { type Growth, growStep, setStep, startStep } from './own-steps.ts';
import type { Packed } from './packed.ts';
import { seeStep } from './see-made.ts';
import { seedAboutOf } from './seed.ts';
import { removeStep, type Seed, seedLeft, uploadStep } from './seed-steps.ts';
import { type Before, tasksOf } from './task-step.ts';
import { unpackStep } from './unpack-step.ts';
import { aboutForm, cloudInitForm, creationForm, netOf } from './vm-form.ts';
import { type Source, sourceOf } from './vm-source.ts';

const MAKE_MS = 7_200_000;
const ADDRESS_MS = 300_000;
/** With user data it installs its agent first. */
const SEEDED_MS = 900_000;

interface Decided {
  readonly made: Made;
  readonly before: Before;
  readonly call: Call;
  readonly type: string;
  /** Storage that it is copied to. */
  readonly line?: string;
  readonly fetch?: Fetch;
  readonly packed?: Packed;
  readonly seed?: Seed;
  /** What is set after it was copied. */
  readonly form?: Readonly<Record<string, string>>;
  readonly growth?: Growth;
  readonly start: boolean;
  /** Address that it was given. */
  readonly address: string | null;
}

/** `POST /nodes/{node}/qemu`, or `…/clone` of a template; with what comes before and after. */
export function createVm(bench: Bench): Task<CreateVmInput> {
  const { desk, list, vmids } = bench;
  return {
    prepare: async ({ target, input, job, signal }) => {
      checkInput(input);
      await list(signal);
      const node = nameOf(desk, target.id);
      const source = await sourceOf(desk, node, input, signal);
      const vmid = await vmids.choose(job !== undefined, signal);
      const load =
        source.storage === undefined ? undefined : { storage: source.storage, node, gib: source.gib };
      const place = await placeFor(desk, node, input, 'images', load, signal);
      const generation = nextGeneration(desk, vmid);
      const made: Made = { type: 'qemu', vmid, generation, node, name: input.name, mark: markOf(job) };
      const seeding = seedFor(bench, made, input, source, job);
      const checks: readonly Check[] = [
        ...rightsCheck(desk, [
          ...needsOf(input, vmid, source),
          ...source.needs,
          ...place.needs,
          ...seeding.needs,
        ]),
        { name: 'VM id', ok: true, message: `${vmid} is free, and was not used within 30 days` },
        ...source.checks,
        ...place.checks,
        ...seeding.checks,
      ];
      if (checks.some(({ ok }) => !ok)) vmids.release(vmid);
      const { ip, memory = 2 } = input;
      return {
        decided: (await decide(input, made, source, place.bridge, seeding.seed, signal)) as unknown as Record<
          string,
          unknown
        >,
        checks,
        warnings: [
          ...(await takenWarnings(desk, { name: input.name, ip }, signal)),
          ...memoryWarnings(desk, node, memory),
          ...warningsOf(input, source),
        ],
        fingerprint: [node, vmid, source.storage, source.template?.config.digest].join(' '),
      };
    },
    steps: ({ decided }) => {
      const { made, before, call, type, line, fetch, packed, seed, form, growth, start, address } =
        decided as unknown as Decided;
      const steps: readonly (StepOf<never> | false | undefined)[] = [
        fetch && (packed === undefined ? fetchStep(bench, fetch) : unpackStep(bench, fetch, packed)),
        seed && (uploadStep(bench, seed) as StepOf<never>),
        makeStep(bench, {
          ...{ name: `Make VM ${made.vmid}`, call, type, ms: MAKE_MS, before, made },
          ...(line !== undefined && { line }),
        }),
        form && setStep(bench, made, { name: 'Set it up', form }),
        growth && growStep(bench, made, growth),
        start && startStep(bench, made),
        seeStep(bench, made, start),
        start && addressStep(bench, made, address, seed === undefined ? ADDRESS_MS : SEEDED_MS),
        seed && removeStep(bench, made, seed),
      ];
      return steps.filter((step) => typeof step === 'object') as never;
    },
  };

  async function decide(
    input: CreateVmInput,
    made: Made,
    source: Source,
    bridge: string,
    seed: Seed | undefined,
    signal: AbortSignal,
  ): Promise<Decided | Record<string, never>> {
    const { template, storage, fetch, packed } = source;
    const { vmid, mark, node } = made;
    const { ip = 'dhcp', start = true, disk, name, pool, vlan } = input;
    const known = {
      made: seed === undefined ? made : { ...made, beside: [seedLeft(desk, seed)] },
      ...{ start, address: ip === 'dhcp' ? null : (ip.split('/')[0] ?? null) },
      ...(seed !== undefined && { seed }),
    };
    if (storage === undefined) return {};
    if (template !== undefined) {
      const { row, config } = template;
      const boot = bootDiskOf(config);
      const drive = Object.keys(config).find((key) => String(config[key]).includes('cloudinit'));
      return {
        ...known,
        before: await tasksOf(desk, row.node, row.vmid, signal),
        type: 'qmclone',
        line: storage,
        call: {
          method: 'POST',
          path: `${guestPath(row)}/clone`,
          form: formOf({
            ...{ newid: vmid, name, full: true, description: mark, pool },
            storage: input.storage,
            target: row.node === node ? undefined : node,
          }),
        },
        form: {
          ...aboutForm(input),
          ...formOf({
            net0: input.bridge === undefined && vlan === undefined ? undefined : netOf(bridge, vlan),
            ...(seed !== undefined && { [seed.drive]: `${seed.volid},media=cdrom`, delete: drive }),
          }),
          ...(seed === undefined && cloudInitForm(input, false)),
        },
        ...(disk !== undefined && boot !== undefined && { growth: { disk: boot.key, gib: disk } }),
      };
    }
    const machine = { vmid, mark, bridge, storage, disk: disk ?? source.gib };
    return {
      ...known,
      before: await tasksOf(desk, node, vmid, signal),
      type: 'qmcreate',
      call: {
        method: 'POST',
        path: `${nodePath(node)}/qemu`,
        form: creationForm(input, {
          ...machine,
          ...(fetch !== undefined && { image: fetch.volid }),
          isTold: packed === undefined || isTold(input),
          ...(seed !== undefined && { seed: seed.volid }),
        }),
      },
      ...(fetch !== undefined &&
        source.isMissing === true && { fetch, ...(packed !== undefined && { packed }) }),
      ...(fetch !== undefined && disk !== undefined && { growth: { disk: 'scsi0', gib: disk } }),
    };
  }
}

/** @throws LabError `input_invalid` for what contradicts itself */
function checkInput(input: CreateVmInput): void {
  checkNetwork(input);
  const wrong = (path: string, why: string, hint: string): LabError =>
    new LabError('input_invalid', `input.${path}: ${why}`, { path: `input.${path}`, hint });
  const { user_data: data, start = true, iso } = input;
  if (data === undefined) return;
  if (iso !== undefined)
    throw wrong('user_data', 'what is installed by hand has no first boot', 'leave it out');
  if (!start)
    throw wrong('start', 'user data is given to what is started', 'start it, or leave out user_data');
  if (!/^#/.test(data))
    throw wrong(
      'user_data',
      'it says not what it is',
      'its first line is #cloud-config, or #! with a program',
    );
}

/** Whether there is something that cloud-init tells a machine. */
const isTold = ({ user, ssh_keys, ip, dns, search_domain }: CreateVmInput): boolean =>
  [user, ssh_keys, ip, dns, search_domain].some((each) => each !== undefined);

function needsOf(input: CreateVmInput, vmid: number, { template, fetch, packed }: Source): readonly Need[] {
  const { pool, start = true, user_data } = input;
  const isCloudImage = fetch !== undefined && packed === undefined;
  const usesDrive =
    user_data === undefined &&
    (isCloudImage || ((template !== undefined || fetch !== undefined) && isTold(input)));
  const privileges = [
    ...['VM.Audit', 'VM.Allocate', 'VM.Config.Disk', 'VM.Config.CPU', 'VM.Config.Memory'],
    ...['VM.Config.Network', 'VM.Config.Options'],
    ...(template === undefined ? ['VM.Config.HWType'] : []),
    ...(template === undefined || user_data !== undefined ? ['VM.Config.CDROM'] : []),
    ...(usesDrive ? ['VM.Config.Cloudinit'] : []),
    ...(start ? ['VM.PowerMgmt'] : []),
  ];
  return guestNeeds(vmid, pool, privileges);
}

function warningsOf(input: CreateVmInput, { template, fetch, packed }: Source): readonly string[] {
  const { ssh_keys, user_data, firmware, iso } = input;
  const isCloudImage = fetch !== undefined && packed === undefined;
  const hasDrive = Object.values(template?.config ?? {}).some((value) => String(value).includes('cloudinit'));
  const isLocked = isCloudImage && user_data === undefined && !ssh_keys?.length;
  return [
    ...(template !== undefined && isTold(input) && !hasDrive && user_data === undefined
      ? ['the template has no cloud-init drive: user, keys, address and name servers reach nobody']
      : []),
    ...(iso !== undefined && isTold(input)
      ? ['what is installed by hand is told neither user, keys nor address: set them while installing']
      : []),
    ...(isLocked ? ['nobody can log in: cloud images have no password, and no key is given'] : []),
    ...(template !== undefined && firmware !== undefined ? ['the template keeps its own firmware'] : []),
    ...(template !== undefined && !hasAgent(template.config)
      ? [
          'the template is not set up to have an agent: its address is only known where a network of the lab hears it',
        ]
      : []),
    ...(isCloudImage && user_data === undefined
      ? [
          'cloud images come without the guest agent: its address is only known where a network of the lab hears it',
        ]
      : []),
  ];
}

interface Seeding {
  readonly seed?: Seed;
  readonly checks: readonly Check[];
  readonly needs: readonly Need[];
}

/** Where the user data goes, if there is some. */
function seedFor(
  { desk }: Bench,
  { node, vmid, name }: Made,
  input: CreateVmInput,
  { template }: Source,
  job = 'dry-run',
): Seeding {
  if (input.user_data === undefined) return { checks: [], needs: [] };
  const { picture } = desk;
  const takes = picture.storagesFor('iso', node);
  const storage = takes.find((each) => desk.may(`/storage/${each}`, 'Datastore.Allocate')) ?? takes[0];
  if (storage === undefined) {
    const message = `${node} has no storage that takes ISO images, which user data comes on`;
    const hint = 'add “ISO image” to the content of a directory storage';
    return { checks: [{ name: 'User data', ok: false, message, hint }], needs: [] };
  }
  const file = `labkeeper-${vmid}-${job.slice(0, 8)}.iso`;
  const config = template?.config ?? {};
  const isScsi = template === undefined || String(config.scsihw ?? '').startsWith('virtio-scsi');
  const drives = isScsi ? ['scsi1', 'scsi2', 'scsi3', 'scsi4'] : ['ide3', 'ide1', 'ide0', 'ide2'];
  const drive = drives.find((key) => config[key] === undefined) ?? 'scsi30';
  const at = `/storage/${storage}`;
  return {
    seed: {
      ...{ node, storage, file, volid: `${storage}:iso/${file}`, drive },
      about: seedAboutOf(input, `${name}-${vmid}-${job.slice(0, 8)}`),
    },
    checks: [{ name: 'User data', ok: true, message: `it lies on ${storage} until the first boot is over` }],
    // To take it away takes more than to put it there.
    needs: [[['Datastore.AllocateTemplate', at]], [['Datastore.Allocate', at]]],
  };
}
