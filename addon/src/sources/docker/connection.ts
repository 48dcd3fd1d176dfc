import Docker from 'dockerode';
import { LabError } from '../../core/errors.ts';
import type { Meter } from '../../core/meter.ts';
import { PinnedAgent } from '../../net/pinned-agent.ts';
import { SSH_WIDTH, SshAgent } from '../../net/ssh-agent.ts';
import { type Ran, sshRun } from '../../net/ssh-run.ts';
import { readPem } from '../../net/trust.ts';
import type { DockerOptions } from './config.ts';
import { overheard } from './overhear.ts';
import { environmentOf, type PortainerEnvironment, type PortainerStack, stackPages } from './portainer.ts';
import { type PortainerStacks, stacksOf } from './portainer-stacks.ts';
import { explainSsh } from './ssh.ts';

/** How an engine is reached. */
export interface Way {
  /** Calls that may wait at a time; undefined: as many as one likes. */
  readonly width?: number;
  /** What a refused call may mean here. */
  readonly refusedHint: string;
  /** Finds the engine, where it has to be asked for. */
  open(signal: AbortSignal): Promise<Docker>;
  /** Where people manage its stacks, by name; undefined: nowhere that this way knows of. */
  stackPages?(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Who has the files of its stacks; undefined: not this way. */
  readonly stacks?: PortainerStacks;
  /**
   * Runs a program on its machine; undefined: this way leads to the engine alone.
   *
   * @param isGuarded it is ended when it is not waited for any more
   * @param input what it reads, where it is not guarded
   */
  run?(command: readonly string[], signal: AbortSignal, isGuarded?: boolean, input?: Buffer): Promise<Ran>;
  /** It has to be found anew. */
  forget(): void;
  close(): void;
}

const PROXY_HINT = 'a socket proxy may lack CONTAINERS=1, or a TLS engine wants a client certificate';
const PORTAINER_HINT =
  'check portainer_key: a key of Portainer (My account, Access tokens) whose user may use the environment';

/**
 * @param name of the engine, for errors
 * @throws LabError `options_invalid` when a certificate file cannot be read
 */
export function wayTo(options: DockerOptions, name: string, meter: Meter): Way {
  if (options.url.startsWith('ssh://')) return wayBySsh(options, name, meter);
  if (options.portainer_key !== undefined) return wayByPortainer(options, options.portainer_key, name, meter);
  const docker = overheard(new Docker(connectionOf(options)), options.url, meter);
  return { refusedHint: PROXY_HINT, open: async () => docker, forget: () => {}, close: () => {} };
}

function wayBySsh(
  { url, host_key = '', identity_file = '' }: DockerOptions,
  name: string,
  meter: Meter,
): Way {
  const { username, hostname, port } = new URL(url);
  const target = {
    user: decodeURIComponent(username),
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || 22,
    hostKey: host_key,
    identityFile: identity_file,
  };
  const agent = new SshAgent(target, ['docker', 'system', 'dial-stdio'], (complaint, code) =>
    explainSsh(name, target, complaint, code),
  );
  // The host is only what stands in the requests: where they go is the agent's business.
  const address = { host: 'docker', port: 80, protocol: 'http', agent } as Docker.DockerOptions;
  const docker = overheard(new Docker(address), url, meter);
  return {
    width: SSH_WIDTH,
    refusedHint: PROXY_HINT,
    open: async () => docker,
    run: async (command, signal, isGuarded, input) => {
      const ran = await sshRun(target, command, signal, isGuarded, input);
      // `ssh`’s own: it did not get that far.
      if (ran.code === 255) throw explainSsh(name, target, ran.err, ran.code);
      return ran;
    },
    forget: () => {},
    close: () => agent.destroy(),
  };
}

function wayByPortainer(options: DockerOptions, apiKey: string, name: string, meter: Meter): Way {
  const connection = { ...connectionOf(options), headers: { 'X-API-Key': apiKey } };
  const portainer = overheard(new Docker(connection), options.url, meter);
  let found: { readonly environment: PortainerEnvironment; readonly docker: Docker } | undefined;
  const list = async <T>(path: string, signal: AbortSignal): Promise<readonly T[]> => {
    const answer = await listOf(portainer, path, signal);
    if (Array.isArray(answer)) return answer as readonly T[];
    throw new LabError('source_failed', `${name}: ${options.url} does not answer as Portainer does`);
  };
  const find = async (signal: AbortSignal): Promise<NonNullable<typeof found>> => {
    if (found !== undefined) return found;
    const environments = await list<PortainerEnvironment>('/api/endpoints?', signal);
    const environment = environmentOf(environments, options.environment, name);
    // docker-modem would drop a path before its own; the version stands where that belongs.
    const docker = new Docker({ ...connection, version: `api/endpoints/${environment.Id}/docker` });
    found = { environment, docker: overheard(docker, options.url, meter) };
    return found;
  };
  return {
    refusedHint: PORTAINER_HINT,
    open: async (signal) => (await find(signal)).docker,
    stackPages: async (signal) => {
      const { Id } = (await find(signal)).environment;
      return stackPages(await list<PortainerStack>('/api/stacks?', signal), Id, options.url);
    },
    stacks: stacksOf({
      ...{ portainer, apiKey, name },
      environment: async (signal) => (await find(signal)).environment,
    }),
    forget: () => {
      found = undefined;
    },
    close: () => {},
  };
}

function listOf(docker: Docker, path: string, abortSignal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = { path, method: 'GET', statusCodes: { 200: true }, abortSignal };
    docker.modem.dial(call as Parameters<Docker['modem']['dial']>[0], (error: unknown, answer: unknown) =>
      error ? reject(error) : resolve(answer),
    );
  });
}

/** What dockerode needs to reach what listens at an address. */
function connectionOf({
  url,
  ca,
  cert,
  key,
  fingerprint,
  portainer_key,
}: DockerOptions): Docker.DockerOptions {
  // `host` stands here even when it is undefined: left out, docker-modem would take DOCKER_HOST from the environment.
  if (url.startsWith('unix://')) {
    return { host: undefined, socketPath: url.slice('unix://'.length) } as Docker.DockerOptions;
  }
  const { protocol, hostname, port } = new URL(url.replace(/^tcp:/, 'http:'));
  const secure = protocol === 'https:' || [ca, cert, key, fingerprint].some((option) => option !== undefined);
  const [plainPort, securePort] = portainer_key === undefined ? [2375, 2376] : [80, 443];
  return {
    host: hostname,
    port: Number(port) || (secure ? securePort : plainPort),
    protocol: secure ? 'https' : 'http',
    ca: ca && readPem('ca', ca),
    cert: cert && readPem('cert', cert),
    key: key && readPem('key', key),
    ...(fingerprint !== undefined && { agent: new PinnedAgent(fingerprint) }),
  } as Docker.DockerOptions;
}
