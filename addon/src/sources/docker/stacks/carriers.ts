import type { Clock } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import { withDeadline } from '../../../net/deadline.ts';
import type { Ran } from '../../../net/ssh-run.ts';
import type { PortainerStacks } from '../portainer-stacks.ts';
import { checkOf, checkRead, isMissing, lastOf, upOf } from './compose.ts';
import { type Helper, NoHelper } from './helper.ts';
import type { StackEntry, StackWay } from './journal.ts';
import type { Project } from './project.ts';
import { relativeBinds } from './relative.ts';

const CHECK_MS = 120_000;
/** Pulls of large images over slow lines, and what services wait for before others are started. */
const WORK_MS = 3_600_000;
/** Milliseconds after which Portainer is at nothing any more. */
const LEFT_ALONE_MS = 900_000;

/** Who applies a stack's own file. */
export interface Carrier {
  /**
   * Whether the file can be applied; changes nothing of the stack.
   *
   * @throws NoHelper where this is not the way
   * @throws LabError why the file cannot be used
   */
  check(project: Project, signal: AbortSignal): Promise<void>;
  /** What is kept with an update, to know later whether this one did something. */
  stamp?(project: Project, signal: AbortSignal): Promise<number>;
  /**
   * Makes containers anew from what the engine has under their images' names.
   *
   * @param isFirst the newest is pulled before, where this one does that itself
   */
  apply(entry: StackEntry, isFirst: boolean, signal: AbortSignal): Promise<void>;
  /** False: what was begun by an earlier run of Labkeeper may still go on; it is asked again later. */
  rests(entry: StackEntry, signal: AbortSignal): Promise<boolean>;
}

interface CarrierParts {
  readonly clock: Clock;
  readonly portainer: PortainerStacks | undefined;
  readonly run:
    | ((command: readonly string[], signal: AbortSignal, isGuarded?: boolean) => Promise<Ran>)
    | undefined;
  readonly helper: Helper;
}

/** By the way that was chosen. */
export function carrierOf(way: StackWay, { clock, portainer, run, helper }: CarrierParts): Carrier {
  if (way === 'portainer' && portainer !== undefined) return byPortainer(portainer, clock);
  if (way === 'ssh' && run !== undefined) {
    const onMachine = (words: readonly string[], signal: AbortSignal): Promise<Ran> =>
      withDeadline(clock, 'docker compose over SSH', WORK_MS, signal, (inner) =>
        run(['docker', ...words], inner, true),
      );
    return byCompose(
      (_, words, signal) => onMachine(words, signal),
      async () => {},
    );
  }
  if (way === 'helper') {
    return byCompose(
      (project, words, signal) => helper.run(project, words, signal),
      (project, signal) => helper.settle(project, signal),
    );
  }
  throw new LabError('source_failed', `the options have no way any more to what was begun (${way})`, {
    hint: 'give the engine the way that it had, or look at the stack yourself',
  });
}

function byCompose(
  run: (project: Project, words: readonly string[], signal: AbortSignal) => Promise<Ran>,
  settle: (project: Project, signal: AbortSignal) => Promise<void>,
): Carrier {
  return {
    check: async (project, signal) => {
      const ran = await run(project, checkOf(project), signal);
      if (ran.code !== 0 && isMissing(ran)) {
        throw new NoHelper('source_refused', `${project.files.join(', ')} is not on the engine’s machine`);
      }
      checkRead(project, ran);
    },
    apply: async (entry, _, signal) => {
      for (const words of upOf(entry.project, entry)) {
        const { code, err, out } = await run(entry.project, words, signal);
        if (code !== 0) throw new LabError('source_failed', `docker compose: ${lastOf(err || out)}`);
      }
    },
    rests: async ({ project }, signal) => {
      await settle(project, signal);
      return true;
    },
  };
}

function byPortainer(portainer: PortainerStacks, clock: Clock): Carrier {
  const stackOf = async ({ name }: Project, signal: AbortSignal) => {
    const stack = (await portainer.list(signal)).find(({ Name }) => Name === name);
    if (stack !== undefined) return stack;
    throw new LabError('target_changed', `Portainer has no stack ${name} any more`);
  };
  return {
    check: async (project, signal) => {
      const { Id, Name } = await withDeadline(clock, 'GET /api/stacks', CHECK_MS, signal, (inner) =>
        stackOf(project, inner),
      );
      const file = await portainer.file(Id, signal);
      if (await portainer.isLocal(signal)) return;
      const [bind] = relativeBinds(file);
      if (bind === undefined) return;
      throw new LabError(
        'source_refused',
        `the file of ${Name}, line ${bind.line}: ${bind.path} is a relative path, and Portainer reaches the engine over ` +
          'the network: the path begins on Portainer’s machine, where the data is not',
        { hint: 'write the whole path on the engine’s machine, or use a volume' },
      );
    },
    stamp: async (project, signal) => (await stackOf(project, signal)).UpdateDate ?? 0,
    apply: async ({ project }, isFirst, signal) => {
      await withDeadline(clock, 'PUT /api/stacks', WORK_MS, signal, async (inner) =>
        portainer.apply(await stackOf(project, inner), isFirst, inner),
      );
    },
    rests: async ({ project, changedBefore = 0, since }, signal) => {
      const { UpdateDate = 0 } = await stackOf(project, signal);
      return UpdateDate > changedBefore || clock.now() - since > LEFT_ALONE_MS;
    },
  };
}
