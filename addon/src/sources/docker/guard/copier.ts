import { LabError } from '../../../core/errors.ts';
import { HELPER_LABEL } from '../identity.ts';
import type { Hands, RegistryLogin } from '../update/hands.ts';
import { haveImage } from '../update/image.ts';
import type { Place } from './places.ts';
import { COPY, DATA, KEEP, NO_ROOM, PUT_BACK } from './scripts.ts';

export interface CopierParts {
  readonly hands: Hands;
  /** An image with a shell, `cp`, `du`, `df` and `find`. */
  readonly image: string;
  /** Who logs in at a registry; undefined: nobody. */
  readonly loginOf: (registry: string) => RegistryLogin | undefined;
}

const GIB = 1024 ** 2;

/** The volume with the copies, and the name of the helper that makes them. */
export const copyName = (key: string): string => `labkeeper-copy-${key}`;

/**
 * Copies what containers keep on an engine's machine, and puts it back: in a helper container, so that nothing of it
 * passes through Labkeeper. Whoever writes to it has to be stopped. Each call may be made again after it was cut off.
 */
export class Copier {
  readonly #parts: CopierParts;

  constructor(parts: CopierParts) {
    this.#parts = parts;
  }

  /** Has all at hand that is needed for copying, before anything is stopped. */
  async prepare(signal: AbortSignal): Promise<void> {
    const { hands, image, loginOf } = this.#parts;
    if (image === 'none') {
      throw new LabError('target_unsuitable', 'there is no image to copy data in: compose_image is none', {
        hint: 'name one, or choose another protection',
      });
    }
    const cause = await haveImage(hands, image, loginOf, signal);
    if (cause !== undefined)
      throw new LabError('source_failed', `there is no ${image} to copy data in`, { cause });
  }

  /** @throws LabError `source_refused` when there is no room */
  async keep(key: string, places: readonly Place[], signal: AbortSignal): Promise<void> {
    await this.drop(key, signal);
    const { code, err } = await this.#run(key, KEEP, places, true, signal);
    if (code === 0) return;
    const [need = 0, free = 0] = err.trim().split(' ').map(Number);
    if (code !== NO_ROOM) throw failed('the data could not be copied', err);
    throw new LabError(
      'source_refused',
      `there is no room for a copy of the data: it takes ${gib(need)}, and ${gib(free)} are free`,
      { hint: 'make room where Docker keeps its volumes, or choose another protection' },
    );
  }

  async putBack(key: string, places: readonly Place[], signal: AbortSignal): Promise<void> {
    const { code, err } = await this.#run(key, PUT_BACK, places, false, signal);
    if (code !== 0) throw failed(`the copy of the data, volume ${copyName(key)}, could not be put back`, err);
  }

  async drop(key: string, signal: AbortSignal): Promise<void> {
    const { hands } = this.#parts;
    await this.#clear(key, signal);
    await hands.removeVolume(copyName(key), signal);
  }

  /** What an earlier run left at work: what it does is begun anew, or not wanted any more. */
  async #clear(key: string, signal: AbortSignal): Promise<void> {
    const { hands } = this.#parts;
    const left = await hands.inspect(copyName(key), signal);
    if (left?.Config.Labels?.[HELPER_LABEL] !== undefined) await hands.remove(left.Id, true, signal);
  }

  async #run(
    key: string,
    script: string,
    places: readonly Place[],
    isKept: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly code: number; readonly err: string }> {
    const { hands, image } = this.#parts;
    await this.#clear(key, signal);
    const body = {
      Image: image,
      Entrypoint: ['sh'],
      Cmd: ['-c', script],
      User: '0:0',
      Labels: { [HELPER_LABEL]: 'copy', 'labkeeper.update': 'false' },
      HostConfig: {
        NetworkMode: 'none',
        // SELinux would keep it from what others own, and users of its own would change the owners.
        SecurityOpt: ['label=disable'],
        UsernsMode: 'host',
        Mounts: [
          ...places.map(({ type, source }, index) => mountOf(type, source, `${DATA}/${index}`, isKept)),
          mountOf('volume', copyName(key), COPY, !isKept),
        ],
      },
    };
    const id = await hands.create(copyName(key), body, signal);
    await hands.start(id, signal);
    const code = await hands.ended(id, signal);
    const err = await hands.said(id, signal);
    await hands.remove(id, true, signal);
    return { code, err };
  }
}

function mountOf(type: Place['type'], source: string, target: string, isReadOnly: boolean): object {
  return {
    ...{ Type: type, Source: source, Target: target, ReadOnly: isReadOnly },
    // An empty volume would be filled with what the helper's image has there.
    ...(type === 'volume' && { VolumeOptions: { NoCopy: true } }),
  };
}

const gib = (kib: number): string => `${(kib / GIB).toFixed(1)} GiB`;

function failed(what: string, err: string): LabError {
  const why = err.trim().split('\n').at(-1) ?? '';
  return new LabError('source_failed', why === '' ? what : `${what}: ${why}`);
}
