import { createHash, randomUUID } from 'node:crypto';
import type { DeployStackInput } from '../../../contract/inputs/stacks.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Check, LeftBehind, StepContext, StepOf } from '../../../contract/step.ts';
import { type Outline, outlineOf } from '../compose-file/outline.ts';
import type { Bench } from './bench.ts';
import { type Around, keptCheck, mountCheck, nameCheck, no, portCheck, warningsOf, yes } from './checks.ts';
import { COMPOSE_FILE, filesOf, MARK_FILE, markIn, projectIn } from './files.ts';
import { filesCheck } from './files-check.ts';
import { composeSteps, leaving, pullSteps, type StackCourse, watchStep } from './stack-steps.ts';
import { PROJECT } from './stock.ts';
import { type MakeWay, makeWayOf, placeOf } from './ways.ts';

interface Decided extends StackCourse {
  /** Of this job: what it writes bears it. */
  readonly mark: string;
}

type Context = StepContext<DeployStackInput>;

/** Names under which Compose looks for a file by itself. */
const COMPOSE_NAMES = [COMPOSE_FILE, 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** Makes a stack that is not there yet. */
export function deployStack(bench: Bench): Task<DeployStackInput> {
  return {
    prepare: async ({ input, signal }) => {
      const { name, compose, environment = {}, files = [] } = input;
      const way = await makeWayOf(bench, signal);
      const folder = `${bench.stacksFolder}/${name}`;
      const outline = outlineOf(compose, name, environment);
      const around = await aroundOf(bench, signal);
      const course = courseOf(outline, way, name, folder);
      const checks = [
        wayCheck(bench, way, folder),
        freeCheck(name, around),
        await filesCheck(bench, { way, folder, outline, environment, files }, signal),
        ...(way === 'portainer' ? [] : [await folderCheck(bench, way, folder, signal)]),
        yes('Images', course.images.join(', ') || 'all are built'),
        portCheck(outline, around),
        mountCheck(outline, folder),
        ...keptCheck(outline, around),
        nameCheck(outline, name, around),
      ];
      return {
        decided: { ...course, mark: randomUUID() } satisfies Decided,
        checks,
        warnings: warningsOf(outline, folder, around),
        fingerprint: stateOf(input, checks),
      };
    },
    steps: ({ decided, target }) => {
      const { mark, ...course } = decided as unknown as Decided;
      const { way, name, folder, images } = course;
      const stack = {
        id: `${bench.owner}/stack/${name}`,
        what: `what was made of ${name}`,
        remove: 'remove_stack',
      };
      const files =
        way === 'portainer' ? [] : [{ id: target.id, what: `the folder ${folder} with its files` }];
      const leftNow = async (signal: AbortSignal): Promise<readonly LeftBehind[]> => [
        ...(await madeOf(bench, name, stack, target.id, signal)),
        ...files,
      ];
      const pulls = pullSteps(bench, images).map((step) => leaving(step, files, leftNow));
      const make = (step: StepOf<Context>): StepOf<Context> => leaving(step, [stack, ...files], leftNow);
      if (way === 'portainer') {
        return [
          ...pulls,
          make(portainerStep(bench, name)),
          make(watchStep(bench, course, { by: 'Portainer' })),
        ];
      }
      const about = { by: placeOf(bench, way).about, folder };
      return [
        leaving(writeStep(bench, course, mark), files, leftNow),
        ...pulls,
        ...[...composeSteps(bench, course, projectIn(name, folder)), watchStep(bench, course, about)].map(
          make,
        ),
      ];
    },
  };
}

/** What is decided by a file. */
export function courseOf({ services }: Outline, way: MakeWay, name: string, folder: string): StackCourse {
  const images = services.flatMap(({ image, isBuilt }) => (image === undefined || isBuilt ? [] : [image]));
  return {
    ...{ way, name, folder, images: [...new Set(images)] },
    isBuilt: services.some(({ isBuilt }) => isBuilt),
    awaited: [...new Set(services.flatMap(({ awaits }) => awaits))],
  };
}

async function aroundOf({ stock }: Bench, signal: AbortSignal): Promise<Around> {
  const containers = await stock.containers(signal);
  return { containers, networks: await stock.networks(signal), volumes: await stock.volumes(signal) };
}

function wayCheck(bench: Bench, way: MakeWay, folder: string): Check {
  if (way === 'portainer') return yes('Way', 'Portainer makes it, and keeps its file');
  return yes(
    'Way',
    `docker compose on its machine, by ${placeOf(bench, way).about}; its files are kept in ${folder}`,
  );
}

function freeCheck(name: string, { containers }: Around): Check {
  const there = containers.filter(({ Config }) => Config.Labels?.[PROJECT] === name);
  if (there.length === 0) return yes('Stack', `there is no stack ${name} yet`);
  return no(
    'Stack',
    `there is a stack ${name} already, with ${there.length} containers`,
    'choose another name, or use update_stack',
  );
}

async function folderCheck(bench: Bench, way: MakeWay, folder: string, signal: AbortSignal): Promise<Check> {
  const place = placeOf(bench, way);
  const refusal = await place.refusal(folder, signal);
  if (refusal !== undefined) {
    const hint = `make ${bench.stacksFolder} for that user there, or set stacks_folder to a folder that the user has`;
    return no('Folder', `${folder}: ${refusal}`, hint);
  }
  const there = await place.read(folder, [...COMPOSE_NAMES, MARK_FILE], signal);
  const own = markIn(there.get(MARK_FILE)) !== undefined;
  const [file] = COMPOSE_NAMES.filter((one) => there.has(one));
  if (file === undefined) return yes('Folder', `${folder} has no stack`);
  if (own)
    return yes('Folder', `${folder} has the file of an earlier stack from here, which is written over`);
  return no(
    'Folder',
    `${folder} has a ${file} that is not Labkeeper’s`,
    'choose another name, or move that file away',
  );
}

function writeStep(bench: Bench, { way, name, folder }: StackCourse, mark: string): StepOf<Context> {
  return {
    name: `Write the files of ${name}`,
    calls: [
      `${way === 'ssh' ? 'tar -xof -, in' : 'PUT /containers/{helper}/archive path='}${way === 'ssh' ? ' ' : ''}${folder}`,
    ],
    needsSecrets: true,
    run: async ({ input: { compose, environment = {}, files = [] }, signal }) => {
      const packed = files.map(({ path, content }) => ({ path, text: content }));
      await placeOf(bench, way).write(folder, filesOf({ compose, environment, files: packed }, mark), signal);
    },
    happened: async ({ signal }) => {
      const there = await placeOf(bench, way).read(folder, [MARK_FILE], signal);
      return markIn(there.get(MARK_FILE)) === mark;
    },
  };
}

function portainerStep({ portainer }: Bench, name: string): StepOf<Context> {
  return {
    name: `Have Portainer make ${name}`,
    calls: [`POST /api/stacks/create/standalone/string name=${name}`],
    needsSecrets: true,
    run: async ({ input: { compose, environment = {} }, signal }) => {
      await portainer?.create(name, compose, environment, signal);
    },
    // It goes on with it if nobody waits, and lists it when it is through: not there yet is no answer.
    happened: async ({ signal }) =>
      (await portainer?.list(signal))?.some(({ Name }) => Name === name) === true ? true : undefined,
  };
}

/** What there is of it by now, beside files. */
async function madeOf(
  { stock }: Bench,
  name: string,
  stack: LeftBehind,
  host: string,
  signal: AbortSignal,
): Promise<readonly LeftBehind[]> {
  const members = await stock.members(name, signal);
  if (members.length > 0) return [{ ...stack, what: `the stack ${name} with ${members.length} containers` }];
  const networks = (await stock.networks(signal)).filter(({ Labels }) => Labels?.[PROJECT] === name);
  return networks.map(({ Name }) => ({ id: host, what: `the network ${Name}` }));
}

/** @param checks what was found; what is asked for is in it only as its hash */
function stateOf(input: DeployStackInput, checks: readonly Check[]): string {
  return createHash('sha256')
    .update(JSON.stringify([input, checks]))
    .digest('hex');
}
