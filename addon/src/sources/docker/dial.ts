import type { Readable } from 'node:stream';
import type Docker from 'dockerode';

/** dockerode would keep all of an answer before it gives any. */
export function streamOf(docker: Docker, path: string, abortSignal: AbortSignal): Promise<Readable> {
  const statusCodes = { 200: true, 404: 'no such container', 500: 'server error' };
  const call = { path, method: 'GET', isStream: true, statusCodes, abortSignal };
  return dial(docker, call) as Promise<Readable>;
}

/** A call that dockerode has no name for. */
export function dial(docker: Docker, call: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(call as Parameters<Docker['modem']['dial']>[0], (error: unknown, answer: unknown) =>
      error ? reject(error) : resolve(answer),
    );
  });
}
