import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Capabilities } from '../../contract/capabilities.ts';
import type { Program } from '../../contract/program.ts';
import { LabError } from '../../core/errors.ts';
import { cardsGiven } from './cards.ts';
import type { DockerClient } from './client.ts';
import { dial } from './dial.ts';
import { Frames } from './log-tail.ts';
import type { Picture } from './picture.ts';

const DEADLINE_MS = 15_000;
/** Characters of a line; what goes on for longer is no text. */
const LONGEST_LINE = 64 * 1024;

/**
 * Runs a program (the arguments) that ends with its standard input. The engine cannot end what `exec` started, and lets
 * it run on when nobody listens any more; but it closes the input together with the connection, however that ends. What
 * does not obey is killed, after two seconds. The shell itself waits for nothing else, so all ends with the program too.
 */
const LEASH = [
  'exec 3<&0 </dev/null',
  '"$@" 3<&- & program=$!',
  '{ while read -r _; do :; done; kill $program; sleep 2; kill -9 $program; } <&3 >/dev/null 2>&1 & leash=$!',
  'exec 3<&-',
  'wait $program; code=$?',
  'kill $leash 2>/dev/null',
  'exit $code',
].join('\n');

/** Programs in the containers of an engine. */
export function execOf(client: DockerClient, picture: Picture): Capabilities['exec'] {
  const idOf = (resourceId: string): string => {
    const id = picture.containerId(resourceId);
    if (id !== undefined) return id;
    throw new LabError('target_unknown', `${resourceId} is not on the engine at present`);
  };
  return {
    withCards: (of) =>
      [...picture.inspects]
        .flatMap(([id, inspect]) => {
          const given = inspect.State.Status === 'running' ? cardsGiven(inspect) : undefined;
          if (given === undefined || (id !== of && !id.startsWith(`${of}/`) && of.split('/').length > 2))
            return [];
          return [{ id, seesAll: inspect.HostConfig.PidMode === 'host', rank: given === 'all' ? 0 : 1 }];
        })
        .sort((one, other) => one.rank - other.rank || (one.id < other.id ? -1 : 1))
        .map(({ id, seesAll }) => ({ id, seesAll })),
    open: (resourceId, command, signal) => open(client, idOf(resourceId), command, signal),
    processes: async (resourceId, signal) => {
      const path = `/containers/${idOf(resourceId)}/top?`;
      const { Titles, Processes } = await client.call(
        'GET /containers/{id}/top',
        DEADLINE_MS,
        signal,
        (docker, inner) =>
          dial(docker, { path, method: 'GET', statusCodes: OK, abortSignal: inner }) as Promise<Top>,
      );
      const [pidAt, nameAt] = [
        Titles.indexOf('PID'),
        Titles.findIndex((title) => /^(CMD|COMMAND)$/.test(title)),
      ];
      // The name alone: what stands behind it in a command line may be a secret.
      return new Map(
        (Processes ?? []).map((row) => [
          Number(row[pidAt]),
          row[nameAt]?.split(' ')[0]?.split('/').at(-1) ?? '',
        ]),
      );
    },
  };
}

interface Top {
  readonly Titles: readonly string[];
  readonly Processes?: readonly (readonly string[])[] | null;
}

const OK = { 200: true, 201: true };

async function open(
  client: DockerClient,
  containerId: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<Program> {
  const options = {
    ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false },
    Cmd: ['sh', '-c', LEASH, 'labkeeper', ...command],
  };
  const { Id } = await client.call(
    'POST /containers/{id}/exec',
    DEADLINE_MS,
    signal,
    (docker, inner) =>
      dial(docker, {
        ...{ path: `/containers/${containerId}/exec`, method: 'POST', options },
        ...{ statusCodes: OK, abortSignal: inner },
      }) as Promise<{ Id: string }>,
  );
  const stream = await client.call(
    'POST /exec/{id}/start',
    DEADLINE_MS,
    signal,
    (docker) =>
      // Without an upgrade of the connection, so that it passes whatever stands before the engine. The signal of this
      // call ends with it, the stream shall not.
      dial(docker, {
        ...{ path: `/exec/${Id}/start`, method: 'POST', options: { Detach: false, Tty: false } },
        ...{ isStream: true, statusCodes: OK, abortSignal: signal },
      }) as Promise<Readable>,
  );
  // Whoever closes it knows that it breaks.
  stream.on('error', () => {});
  return {
    lines: linesOf(stream),
    close: () => void stream.destroy(),
    isRunning: async (inner) => {
      const path = `/exec/${Id}/json`;
      const { Running = false } =
        (await client.ifThere(
          client.call(
            'GET /exec/{id}/json',
            DEADLINE_MS,
            inner,
            (docker, abortSignal) =>
              dial(docker, { path, method: 'GET', statusCodes: OK, abortSignal }) as Promise<{
                Running?: boolean;
              }>,
          ),
        )) ?? {};
      return Running;
    },
  };
}

/** Complete lines of both of a program's outputs. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const frames = new Frames((bytes) => {
    rest += decoder.write(bytes);
  });
  for await (const chunk of chunks) {
    frames.add(Buffer.from(chunk));
    const lines = rest.split('\n');
    rest = lines.pop() as string;
    if (rest.length > LONGEST_LINE) rest = '';
    for (const line of lines) yield line.replace(/\r$/, '');
  }
}
