import { parseReference } from '../registry/reference.ts';
import type { Hands, RegistryLogin } from './hands.ts';

/**
 * Has the engine fetch an image that it does not have.
 *
 * @returns why it cannot be had; undefined: it is there
 */
export async function haveImage(
  hands: Hands,
  image: string,
  loginOf: (registry: string) => RegistryLogin | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  if ((await hands.image(image, signal)) !== undefined) return undefined;
  try {
    await hands.pull(image, loginOf(parseReference(image)?.registry ?? ''), () => {}, signal);
    return undefined;
  } catch (thrown) {
    signal.throwIfAborted();
    return thrown;
  }
}
