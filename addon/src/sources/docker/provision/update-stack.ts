import { createHash, randomUUID } from 'node:crypto';
import type { UpdateStackInput } from '../../../contract/inputs/stacks.ts';
import type { Task } from '../../../contract/provision.ts';
import type { StepContext, StepOf } from '../../../contract/step.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { outlineOf } from '../compose-file/outline.ts';
import { variablesFile } from '../compose-file/variables.ts';
import { isForged } from '../stacks/project.ts';
import type { ContainerInspect } from '../wire.ts';
import type { Bench } from './bench.ts';
import { changeCheck, keptMountsCheck, lostMounts } from './changes.ts';
import { keptCheck, mountCheck, nameCheck, no, portCheck, warningsOf, yes } from './checks.ts';
import { courseOf } from './deploy-stack.ts';
import { COMPOSE_FILE, filesOf, MARK_FILE, markIn, projectIn, VARIABLES_FILE } from './files.ts';
import { filesCheck } from './files-check.ts';
import { BEFORE, originOf, wantedOf } from './origin.ts';
import { stackName } from './remove-stack.ts';
import { composeSteps, nameOf, pullSteps, type StackCourse, watchStep } from './stack-steps.ts';
import { placeOf } from './ways.ts';

interface Decided extends StackCourse {
  readonly mark: string;
  readonly previous: boolean;
  readonly portainer: { readonly id: number; readonly changed: number } | null;
}

type Context = StepContext<UpdateStackInput>;

/** Gives a stack another file or other variables. */
export function updateStack(bench: Bench): Task<UpdateStackInput> {
  const { stock, updates, hands } = bench;
  return {
    prepare: async ({ target, input, signal }) => {
      const name = stackName(target.id);
      updates.checkIdle(target.id);
      const members = await stock.members(name, signal);
      const origin = await originOf(bench, name, members, signal);
      const { way, folder, portainer = null } = origin;
      const { compose, environment } = wantedOf(origin, input);
      const outline = outlineOf(compose, name, environment);
      const own = new Set(members.map(({ Id }) => Id));
      const around = {
        containers: (await stock.containers(signal)).filter(({ Id }) => !own.has(Id)),
        networks: await stock.networks(signal),
        volumes: await stock.volumes(signal),
      };
      const course = courseOf(outline, way, name, folder);
      const checks = [
        await trustCheck(bench, members, signal),
        changeCheck(origin, name, outline),
        keptMountsCheck(members, outline, folder),
        await filesCheck(bench, { way, folder, outline, environment, files: [] }, signal),
        yes('Images', course.images.join(', ') || 'all are built'),
        portCheck(outline, around),
        mountCheck(outline, folder),
        ...keptCheck(outline, around),
        nameCheck(outline, name, around),
      ];
      const volumes = around.volumes.filter(({ Labels }) => Labels?.['com.docker.compose.project'] !== name);
      return {
        decided: {
          ...course,
          ...{ mark: randomUUID(), previous: input.previous === true, portainer },
        } satisfies Decided,
        checks,
        warnings: [
          ...lostMounts(members, outline),
          ...warningsOf(outline, folder, { ...around, volumes }),
          'going back to the file before does not take back data',
        ],
        fingerprint: createHash('sha256')
          .update(JSON.stringify([compose, environment, origin.compose, [...own].sort(), checks]))
          .digest('hex'),
      };
    },
    steps: ({ decided }) => {
      const { mark, previous, portainer, ...course } = decided as unknown as Decided;
      const { way, name, folder, images } = course;
      const pulls = pullSteps({ ...bench, hands }, images);
      if (portainer !== null) {
        return [
          ...pulls,
          portainerStep(bench, name, portainer),
          watchStep(bench, course, { by: 'Portainer' }),
        ];
      }
      const about = { by: placeOf(bench, way).about, folder };
      const after = [
        ...pulls,
        ...composeSteps(bench, course, projectIn(name, folder)),
        watchStep(bench, course, about),
      ] as readonly StepOf<Context>[];
      return [writeStep(bench, course, mark, previous), ...after.map((step) => withWayBack(step, folder))];
    },
  };
}

async function trustCheck(
  { hands, outsiders }: Bench,
  members: Awaited<ReturnType<Bench['stock']['members']>>,
  signal: AbortSignal,
) {
  for (const one of members) {
    const held = outsiders.heldOf(one as ContainerInspect);
    if (held !== undefined)
      return no('Stack', `${nameOf(one)} is in it, and ${held}`, 'change it on its own machine');
    const image = await hands.image(one.Image, signal);
    if (isForged(image?.Config?.Labels ?? {}))
      return no(
        'Stack',
        `the image of ${nameOf(one)} says itself which file its stack is made from`,
        'do not trust it',
      );
  }
  return yes('Stack', `${members.length} containers are there`);
}

function writeStep(
  bench: Bench,
  { way, name, folder }: StackCourse,
  mark: string,
  previous: boolean,
): StepOf<Context> {
  return {
    name: `Write the files of ${name}`,
    calls: [`${COMPOSE_FILE} and ${VARIABLES_FILE} in ${folder}, what was there as …${BEFORE}`],
    needsSecrets: true,
    run: async ({ input, signal }) => {
      const place = placeOf(bench, way);
      const all = [COMPOSE_FILE, VARIABLES_FILE].flatMap((one) => [one, `${one}${BEFORE}`]);
      const there = await place.read(folder, all, signal);
      const present = (one: string, before: boolean): string | undefined =>
        there.get(before ? `${one}${BEFORE}` : one);
      const compose = input.compose ?? present(COMPOSE_FILE, previous) ?? '';
      const variables =
        input.environment === undefined
          ? present(VARIABLES_FILE, previous)
          : variablesFile(input.environment);
      // Half written before, what is there now is not what was there before.
      const isWritten =
        present(COMPOSE_FILE, false) === compose &&
        (present(VARIABLES_FILE, false) ?? '') === (variables ?? '');
      const kept = [COMPOSE_FILE, VARIABLES_FILE].map((path) => ({
        path: `${path}${BEFORE}`,
        text: present(path, false) ?? '',
      }));
      const files = filesOf({ compose, environment: {}, files: previous || isWritten ? [] : kept }, mark);
      const written = files.map((file) =>
        file.path === VARIABLES_FILE ? { ...file, text: variables ?? '' } : file,
      );
      await place.write(folder, written, signal);
    },
    happened: async ({ signal }) => {
      const there = await placeOf(bench, way).read(folder, [MARK_FILE], signal);
      return markIn(there.get(MARK_FILE)) === mark;
    },
  };
}

function portainerStep(
  { portainer }: Bench,
  name: string,
  { id, changed }: NonNullable<Decided['portainer']>,
): StepOf<Context> {
  return {
    name: `Have Portainer change ${name}`,
    calls: [`PUT /api/stacks/${id}`],
    needsSecrets: true,
    run: async ({ input: { compose, environment }, signal }) => {
      const file = compose ?? (await portainer?.file(id, signal)) ?? '';
      await portainer?.change(id, file, environment, signal);
    },
    // It goes on with it if nobody waits: not yet is no answer.
    happened: async ({ signal }) =>
      ((await portainer?.read(id, signal))?.UpdateDate ?? 0) > changed ? true : undefined,
  };
}

/** A failure says how the file before is had back. */
function withWayBack(step: StepOf<Context>, folder: string): StepOf<Context> {
  return {
    ...step,
    run: async (context) => {
      try {
        await step.run(context);
      } catch (thrown) {
        const { code, message, hint } = asLabError(thrown);
        if (context.signal.aborted || context.input.previous === true) throw thrown;
        const back = `the file before is ${folder}/${COMPOSE_FILE}${BEFORE}: update_stack with previous: true takes it back`;
        throw new LabError(code, message, {
          hint: hint === undefined ? back : `${hint}; ${back}`,
          cause: thrown,
        });
      }
    },
  };
}
