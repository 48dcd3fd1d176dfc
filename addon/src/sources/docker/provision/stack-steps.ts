import type { LeftBehind, StepContext, StepOf } from '../../../contract/step.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { parseReference } from '../registry/reference.ts';
import { baseOf, checkOf, checkRead, lastOf } from '../stacks/compose.ts';
import type { Project } from '../stacks/project.ts';
import { partOf } from '../stacks/project.ts';
import { type Watched, watchStack } from '../stacks/watch.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Bench } from './bench.ts';
import { placeOf } from './ways.ts';

export type Step = StepOf<StepContext<unknown>>;

/** What of a stack its steps go by. */
export interface StackCourse {
  readonly way: 'portainer' | 'ssh' | 'helper';
  readonly name: string;
  /** Where its files are on the engine's machine; of Portainer's, nowhere. */
  readonly folder: string;
  readonly images: readonly string[];
  readonly isBuilt: boolean;
  /** Services that have to end well, since others wait for that. */
  readonly awaited: readonly string[];
}

/** Asking again for what is there already changes nothing, so it is asked again. */
const again = async (): Promise<boolean> => false;

/** One step for each image. What cannot be pulled and is there, as one that was built there, is used as it is. */
export function pullSteps({ hands, loginOf }: Bench, images: readonly string[]): readonly Step[] {
  return images.map((image) => ({
    name: `Pull ${image}`,
    calls: [`POST /images/create fromImage=${image}`],
    run: async ({ signal, note }) => {
      try {
        const login = loginOf(parseReference(image)?.registry ?? '');
        await hands.pull(image, login, (progress) => note({ progress }), signal);
      } catch (thrown) {
        signal.throwIfAborted();
        if ((await hands.image(image, signal)) === undefined) throw thrown;
        note({ log: `${asLabError(thrown).message}; the one that is there is used` });
      }
    },
    happened: again,
  }));
}

/** Has Compose read what was written, then build, where it builds, and make what differs. */
export function composeSteps(bench: Bench, course: StackCourse, project: Project): readonly Step[] {
  const compose = async (words: readonly string[], signal: AbortSignal): Promise<void> => {
    const { code, out, err } = await placeOf(bench, course.way).compose(project, words, signal);
    if (code !== 0) throw new LabError('source_failed', `docker compose: ${lastOf(err || out)}`);
  };
  const step = (name: string, words: readonly string[]): Step => ({
    name,
    calls: [`docker ${words.join(' ')}`],
    run: async ({ signal }) => compose(words, signal),
    // What an earlier run left at work is waited for: two never work on one stack.
    happened: async ({ signal }) => {
      await placeOf(bench, course.way).settle(project, signal);
      return false;
    },
  });
  const base = baseOf(project);
  return [
    {
      ...step('Have Compose read it', checkOf(project)),
      run: async ({ signal }) =>
        checkRead(project, await placeOf(bench, course.way).compose(project, checkOf(project), signal)),
    },
    ...(course.isBuilt ? [step('Build its images', [...base, 'build'])] : []),
    step(`Make and start ${course.name}`, [
      ...base,
      'up',
      '-d',
      '--no-build',
      '--pull',
      'never',
      '--remove-orphans',
    ]),
  ];
}

/** Waits until all of a stack is well, and answers with what runs. */
export function watchStep({ stock, hands, clock }: Bench, course: StackCourse, about: object): Step {
  const { name, awaited } = course;
  return {
    name: `Wait until all of ${name} is well`,
    run: async ({ signal, note }) => {
      const told = (progress: number): void => note({ progress });
      let through: readonly string[] = [];
      for (;;) {
        const members = await stock.members(name, signal);
        if (members.length === 0) throw new LabError('source_failed', `${name} has no containers`);
        const ended = members.filter((one) => endsByItself(one)).map(({ Id }) => Id);
        const watched = members.map((one) => watchedAs(one, awaited, ended));
        try {
          await watchStack(watched, { hands, clock, told }, signal);
          note({ result: { ...about, services: Object.fromEntries(members.map(serviceAndName)) } });
          return;
        } catch (thrown) {
          signal.throwIfAborted();
          // One that ended well meanwhile, and was not meant to be restarted, is as it shall be.
          const now = (await stock.members(name, signal)).filter(endsByItself).map(({ Id }) => Id);
          if (now.every((id) => ended.includes(id) || through.includes(id))) throw thrown;
          through = [...through, ...now];
        }
      }
    },
    happened: again,
  };
}

const endsByItself = ({ State, HostConfig }: WholeInspect): boolean => {
  const policy = (HostConfig.RestartPolicy as { Name?: string } | undefined)?.Name ?? '';
  return (
    State.Status === 'exited' &&
    State.ExitCode === 0 &&
    (policy === '' || policy === 'no' || policy === 'on-failure')
  );
};

function watchedAs(one: WholeInspect, awaited: readonly string[], ended: readonly string[]): Watched {
  const service = partOf(one)?.service ?? '';
  const isThrough = awaited.includes(service) || ended.includes(one.Id);
  return { id: one.Id, name: nameOf(one), as: isThrough ? 'through' : 'new' };
}

export const nameOf = ({ Name }: Pick<WholeInspect, 'Name'>): string => Name.replace(/^\//, '');
const serviceAndName = (one: WholeInspect): [string, string] => [
  partOf(one)?.service ?? nameOf(one),
  nameOf(one),
];

/**
 * Has a step say what would be left behind, before it is done and, more exactly, where it fails.
 *
 * @param most what there may be from then on
 * @param leftNow what there is
 */
export function leaving<C extends StepContext<never>>(
  step: StepOf<C>,
  most: readonly LeftBehind[],
  leftNow: (signal: AbortSignal) => Promise<readonly LeftBehind[]>,
): StepOf<C> {
  return {
    ...step,
    run: async (context) => {
      context.note({ left: most });
      try {
        await step.run(context);
      } catch (thrown) {
        const left = context.signal.aborted
          ? undefined
          : await leftNow(context.signal).catch(() => undefined);
        if (left !== undefined) context.note({ left });
        throw thrown;
      }
    },
  };
}
