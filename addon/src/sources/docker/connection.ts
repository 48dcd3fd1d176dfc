import type Docker from 'dockerode';
import { PinnedAgent } from '../../net/pinned-agent.ts';
import { readPem } from '../../net/trust.ts';
import type { DockerOptions } from './config.ts';

/**
 * What dockerode needs to reach an engine.
 *
 * @throws LabError `options_invalid` when a certificate file cannot be read
 */
export function connectionOf({ url, ca, cert, key, fingerprint }: DockerOptions): Docker.DockerOptions {
  // `host` stands here even when it is undefined: left out, docker-modem would take DOCKER_HOST from the environment.
  if (url.startsWith('unix://')) {
    return { host: undefined, socketPath: url.slice('unix://'.length) } as Docker.DockerOptions;
  }
  const { protocol, hostname, port } = new URL(url.replace(/^tcp:/, 'http:'));
  const secure = protocol === 'https:' || [ca, cert, key, fingerprint].some((option) => option !== undefined);
  return {
    host: hostname,
    port: Number(port) || (secure ? 2376 : 2375),
    protocol: secure ? 'https' : 'http',
    ca: ca && readPem('ca', ca),
    cert: cert && readPem('cert', cert),
    key: key && readPem('key', key),
    ...(fingerprint !== undefined && { agent: new PinnedAgent(fingerprint) }),
  } as Docker.DockerOptions;
}
