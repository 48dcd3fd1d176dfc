import { LabError } from '../../../core/errors.ts';
import { parseReference } from '../registry/reference.ts';
import type { ContainerInspect } from '../wire.ts';
import type { Hands, RegistryLogin } from './hands.ts';

interface Parts {
  readonly hands: Pick<Hands, 'pull' | 'image'>;
  /** Who logs in at a registry; undefined: nobody. */
  readonly loginOf: (registry: string) => RegistryLogin | undefined;
}

/**
 * Pulls what the tag of a container's image points at.
 *
 * @param told 0 to 1
 * @returns the id of an image that is not the one that it was made from
 * @throws LabError what the registry says, or that there is nothing newer
 */
export async function newerFor(
  { hands, loginOf }: Parts,
  { Config, Image }: ContainerInspect,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  let failure: unknown;
  try {
    await hands.pull(Config.Image, loginOf(registryOf(Config.Image)), told, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    failure = thrown;
  }
  const found = await hands.image(Config.Image, signal);
  // What was pulled or built before is as new as it gets without a registry.
  if (found !== undefined && found.Id !== Image) return found.Id;
  if (failure !== undefined) throw failure;
  throw new LabError('source_refused', `${Config.Image} has nothing newer than what runs already`);
}

/**
 * What the engine has under the name of a container's image, be it the one that it was made from.
 *
 * @param pull ask for it anew first
 * @throws LabError where it has nothing
 */
export async function presentFor(
  { hands, loginOf }: Parts,
  { Config }: ContainerInspect,
  pull: boolean,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  if (pull) await hands.pull(Config.Image, loginOf(registryOf(Config.Image)), told, signal);
  const found = await hands.image(Config.Image, signal);
  if (found !== undefined) return found.Id;
  throw new LabError('source_refused', `the engine has no ${Config.Image}`, {
    hint: 'ask for it with pull: true',
  });
}

const registryOf = (image: string): string => parseReference(image)?.registry ?? '';
