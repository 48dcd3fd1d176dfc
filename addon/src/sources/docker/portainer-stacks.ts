import type Docker from 'dockerode';
import { asLabError, type ErrorCode, LabError } from '../../core/errors.ts';
import { dial } from './dial.ts';
import { statusOf } from './explain.ts';
import type { PortainerEnvironment, PortainerStack } from './portainer.ts';

/** How Portainer looks after stacks of one environment. */
export interface PortainerStacks {
  list(signal: AbortSignal): Promise<readonly PortainerStack[]>;
  /** undefined: it is there no more. */
  read(id: number, signal: AbortSignal): Promise<PortainerStack | undefined>;
  /** What the stack is made from. */
  file(id: number, signal: AbortSignal): Promise<string>;
  /**
   * Applies a stack's own file as it is, or what its repository has now. Portainer answers when it has done so, and
   * goes on with it if nobody waits for that.
   */
  apply(stack: PortainerStack, pull: boolean, signal: AbortSignal): Promise<void>;
  /** Makes a stack from a file, with variables for it. Goes on if nobody waits, as with `apply`. */
  create(
    name: string,
    file: string,
    variables: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Gives a stack another file, or other variables; those that it has where they are left out. */
  change(
    id: number,
    file: string,
    variables: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ): Promise<void>;
  /** Ends it for good, without its volumes. */
  remove(id: number, signal: AbortSignal): Promise<void>;
  /** Whether Compose runs on the engine's own machine. */
  isLocal(signal: AbortSignal): Promise<boolean>;
}

interface Place {
  readonly portainer: Docker;
  readonly apiKey: string;
  readonly name: string;
  readonly environment: (signal: AbortSignal) => Promise<PortainerEnvironment>;
}

/** @param place whose stacks; `environment` finds the one that is meant */
export function stacksOf({ portainer, apiKey, name, environment }: Place): PortainerStacks {
  const ask = async (
    method: string,
    path: string,
    body: unknown,
    abortSignal: AbortSignal,
  ): Promise<unknown> => {
    const sent = body === undefined ? {} : { file: Buffer.from(JSON.stringify(body)) };
    const headers = { 'X-API-Key': apiKey, 'Content-Type': 'application/json' };
    // docker-modem takes the last character from a path with a query.
    const asked = path.includes('?') ? `${path}&` : path;
    const call = {
      path: asked,
      method,
      headers,
      statusCodes: { 200: true, 204: true },
      abortSignal,
      ...sent,
    };
    try {
      return await dial(portainer, call);
    } catch (thrown) {
      throw told(name, `${method} ${path.split('?', 1)[0]}`, thrown);
    }
  };
  const read = async (id: number, signal: AbortSignal): Promise<PortainerStack | undefined> => {
    try {
      return (await ask('GET', `/api/stacks/${id}`, undefined, signal)) as PortainerStack;
    } catch (thrown) {
      if (statusOf(asLabError(thrown).cause) === 404) return undefined;
      throw thrown;
    }
  };
  const file = async (id: number, signal: AbortSignal): Promise<string> => {
    const answer = (await ask('GET', `/api/stacks/${id}/file`, undefined, signal)) as Partial<FileAnswer>;
    if (typeof answer.StackFileContent === 'string' && answer.StackFileContent !== '')
      return answer.StackFileContent;
    throw new LabError('source_failed', `${name}: Portainer has no file of stack ${id}`);
  };
  return {
    read,
    file,
    list: async (signal) => {
      const { Id } = await environment(signal);
      const all = (await ask('GET', '/api/stacks', undefined, signal)) as readonly PortainerStack[];
      return all.filter(({ EndpointId, Type }) => EndpointId === Id && Type === COMPOSE);
    },
    apply: async (known, pull, signal) => {
      // As it is now: what it was made with before would be lost else.
      const stack = await read(known.Id, signal);
      if (stack === undefined)
        throw new LabError('target_changed', `Portainer has no stack ${known.Name} any more`);
      const query = `?endpointId=${stack.EndpointId}`;
      // Newer versions know the second name, older ones the first.
      const common = { Env: stack.Env ?? [], Prune: false, PullImage: pull, RepullImageAndRedeploy: pull };
      if (stack.GitConfig == null) {
        const body = { ...common, StackFileContent: await file(stack.Id, signal) };
        await ask('PUT', `/api/stacks/${stack.Id}${query}`, body, signal);
        return;
      }
      const { ReferenceName = '', Authentication } = stack.GitConfig;
      const body = {
        ...common,
        RepositoryReferenceName: ReferenceName,
        // Without a password Portainer takes the one that it keeps.
        RepositoryAuthentication: Authentication != null,
        RepositoryUsername: Authentication?.Username ?? '',
        RepositoryPassword: '',
        ...(Authentication?.GitCredentialID !== undefined && {
          RepositoryGitCredentialID: Authentication.GitCredentialID,
        }),
      };
      await ask('PUT', `/api/stacks/${stack.Id}/git/redeploy${query}`, body, signal);
    },
    create: async (name, content, variables, signal) => {
      const { Id } = await environment(signal);
      const Env = Object.entries(variables).map(([key, value]) => ({ name: key, value }));
      const body = { Name: name, StackFileContent: content, Env, FromAppTemplate: false };
      const current = `/api/stacks/create/standalone/string?endpointId=${Id}`;
      try {
        await ask('POST', current, body, signal);
      } catch (thrown) {
        // Before 2.19 it had another path.
        if (![404, 405].includes(statusOf(causeOf(thrown)) ?? 0)) throw thrown;
        await ask('POST', `/api/stacks?type=2&method=string&endpointId=${Id}`, body, signal);
      }
    },
    change: async (id, content, variables, signal) => {
      const stack = await read(id, signal);
      if (stack === undefined) throw new LabError('target_changed', `Portainer has no stack ${id} any more`);
      const Env =
        variables === undefined
          ? (stack.Env ?? [])
          : Object.entries(variables).map(([key, value]) => ({ name: key, value }));
      const body = {
        StackFileContent: content,
        Env,
        Prune: true,
        PullImage: false,
        RepullImageAndRedeploy: false,
      };
      await ask('PUT', `/api/stacks/${id}?endpointId=${stack.EndpointId}`, body, signal);
    },
    remove: async (id, signal) => {
      const { Id } = await environment(signal);
      await ask('DELETE', `/api/stacks/${id}?endpointId=${Id}&external=false`, undefined, signal);
    },
    isLocal: async (signal) => {
      const { Type, URL: url = '' } = await environment(signal);
      return Type === 1 && /^(unix:|npipe:|$)/.test(url);
    },
  };
}

const causeOf = (thrown: unknown): unknown => asLabError(thrown).cause;

const COMPOSE = 2;

interface FileAnswer {
  readonly StackFileContent: string;
}

/** Portainer says in `details` what really went wrong. */
function told(name: string, what: string, thrown: unknown): unknown {
  const status = statusOf(thrown);
  const { message = '', details = '' } = (thrown as { json?: Partial<Record<string, string>> }).json ?? {};
  if (status === undefined || status === 401) return thrown;
  const words =
    [message, details === message ? '' : details].filter(Boolean).join(': ') || `status ${status}`;
  const code = codeOf(status);
  const more = {
    cause: thrown,
    ...(status === 403 && { hint: 'give the user of portainer_key the right to manage stacks' }),
  };
  return new LabError(code, `${name}: ${what} failed (${status}): ${words.slice(0, 600)}`, more);
}

function codeOf(status: number): ErrorCode {
  if (status === 403) return 'privilege_missing';
  // A proxy before it did not wait; Portainer goes on.
  if (status === 502 || status === 503 || status === 504) return 'deadline_passed';
  return status >= 500 ? 'source_failed' : 'source_refused';
}
