import type { Clock } from '../../../core/clock.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { withDeadline } from '../../../net/deadline.ts';
import type { Ran } from '../../../net/ssh-run.ts';
import type { Way } from '../connection.ts';
import { HELPER_LABEL } from '../identity.ts';
import { lastOf } from '../stacks/compose.ts';
import type { Helper } from '../stacks/helper.ts';
import type { Project } from '../stacks/project.ts';
import type { Hands } from '../update/hands.ts';
import type { FileHands } from './file-hands.ts';
import { firstIn, type Packed, packed } from './tar.ts';

const MS = 60_000;
/** Images that are built, and what services wait for before others are started. */
const WORK_MS = 3_600_000;

/** The engine's own machine, as far as stacks have files there. */
export interface Place {
  /** For people: how it is reached. */
  readonly about: string;
  /** The files of a folder that are there, by name. */
  read(folder: string, names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Puts files into a folder, in their order; makes it where it is not there. */
  write(folder: string, files: readonly Packed[], signal: AbortSignal): Promise<void>;
  /** Why nothing can be written there; undefined: it can be, or nobody can tell. */
  refusal(folder: string, signal: AbortSignal): Promise<string | undefined>;
  /** Runs `docker` with these words. */
  compose(project: Project, words: readonly string[], signal: AbortSignal): Promise<Ran>;
  /** Waits until nothing is at work any more on a project. */
  settle(project: Project, signal: AbortSignal): Promise<void>;
}

interface HelperParts {
  readonly hands: Hands;
  readonly files: FileHands;
  readonly helper: Helper;
  readonly image: string;
  readonly clock: Clock;
}

/** By containers that have a folder of the machine where it is. */
export function placeByHelper({ hands, files, helper, image, clock }: HelperParts): Place {
  /** One that is never started. */
  const within = async <T>(
    folder: string,
    hostConfig: object,
    signal: AbortSignal,
    act: (id: string) => Promise<T>,
  ): Promise<T> => {
    await helper.haveImage(signal);
    const name = `labkeeper-files-${folder.replace(/^.*\//, '')}`;
    const left = await hands.inspect(name, signal);
    if (left?.Config.Labels?.[HELPER_LABEL] !== undefined) await hands.remove(left.Id, true, signal);
    const body = {
      ...{ Image: image, Entrypoint: ['docker'], Cmd: ['version'] },
      Labels: { [HELPER_LABEL]: 'files', 'labkeeper.update': 'false' },
      HostConfig: { NetworkMode: 'none', SecurityOpt: ['label=disable'], UsernsMode: 'host', ...hostConfig },
    };
    const id = await hands.create(name, body, signal);
    try {
      return await act(id);
    } finally {
      if (!signal.aborted) await hands.remove(id, true, signal);
    }
  };
  return {
    about: `a helper container (${image})`,
    read: async (folder, names, signal) => {
      const mount = { Type: 'bind', Source: folder, Target: folder, ReadOnly: true };
      try {
        return await within(folder, { Mounts: [mount] }, signal, async (id) => {
          const found = new Map<string, string>();
          for (const name of names) {
            const archive = await files.get(id, `${folder}/${name}`, signal);
            const text = archive && firstIn(archive);
            if (text !== undefined) found.set(name, text);
          }
          return found;
        });
      } catch (thrown) {
        if (/bind source path does not exist/.test(asLabError(thrown).message)) return new Map();
        throw thrown;
      }
    },
    write: (folder, all, signal) =>
      // This form has the engine make the folder.
      within(folder, { Binds: [`${folder}:${folder}`] }, signal, (id) =>
        files.put(id, folder, packed(all, clock.now() / 1_000), signal),
      ),
    refusal: async () => undefined,
    compose: (project, words, signal) => helper.run(project, words, signal),
    settle: (project, signal) => helper.settle(project, signal),
  };
}

/** Each file that is there: its name, its length in bytes, then what is in it. */
const READ =
  'cd "$1" 2>/dev/null || exit 0; shift; for f; do [ -f "$f" ] || continue; ' +
  'printf "%s %s\\n" "$(wc -c <"$f" | tr -d " ")" "$f"; cat "$f" || exit 1; done';
const WRITE = 'mkdir -p "$1" && cd "$1" && umask 077 && tar -xof -';
const MAY_WRITE = 'd=$1; while [ ! -e "$d" ]; do d=$(dirname "$d"); done; [ -d "$d" ] && [ -w "$d" ]';

/** Over SSH, as the user who logs in. */
export function placeBySsh(run: NonNullable<Way['run']>, clock: Clock): Place {
  const shell = (
    script: string,
    words: readonly string[],
    signal: AbortSignal,
    input?: Buffer,
  ): Promise<Ran> =>
    withDeadline(clock, 'a command over SSH', MS, signal, (inner) =>
      run(['sh', '-c', script, 'sh', ...words], inner, false, input),
    );
  return {
    about: 'SSH',
    read: async (folder, names, signal) => {
      const { code, out, err } = await shell(READ, [folder, ...names], signal);
      if (code === 0) return readOut(Buffer.from(out));
      throw new LabError('source_refused', `${folder} cannot be read: ${lastOf(err)}`);
    },
    write: async (folder, files, signal) => {
      const archive = packed(files, clock.now() / 1_000);
      const { code, err } = await shell(WRITE, [folder], signal, archive);
      if (code !== 0) throw new LabError('source_failed', `${folder} cannot be written: ${lastOf(err)}`);
    },
    refusal: async (folder, signal) => {
      const { code } = await shell(MAY_WRITE, [folder], signal);
      return code === 0 ? undefined : 'who logs in may not write there';
    },
    compose: (_, words, signal) =>
      withDeadline(clock, 'docker compose over SSH', WORK_MS, signal, (inner) =>
        run(['docker', ...words], inner, true),
      ),
    settle: async () => {},
  };
}

function readOut(out: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  while (at < out.length) {
    const end = out.indexOf('\n', at);
    const [, bytes = '', name = ''] = /^(\d+) (.*)$/.exec(out.toString('utf8', at, end)) ?? [];
    if (name === '') break;
    found.set(name, out.toString('utf8', end + 1, end + 1 + Number(bytes)));
    at = end + 1 + Number(bytes);
  }
  return found;
}
