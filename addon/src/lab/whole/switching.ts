import type { CapabilityFinder } from '../../contract/capabilities.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { LabResource } from '../../kinds/index.ts';

/** Whether something is on; undefined: it is not to be seen now. */
export function isOn(one: LabResource | undefined): boolean | undefined {
  if (one === undefined) return undefined;
  // Of a node that is off nothing is heard.
  if (one.kind === 'node') return one.available;
  if (!one.available) return undefined;
  if (one.kind === 'stack') return one.readings.running > 0;
  return 'on' in one.readings && typeof one.readings.on === 'boolean' ? one.readings.on : undefined;
}

/** Ends something gracefully, or starts it, by whatever its system offers. @throws LabError `target_unsuitable` */
export async function switchTo(
  on: boolean,
  { id, name, kind }: LabResource,
  capabilities: CapabilityFinder,
  signal: AbortSignal,
): Promise<void> {
  if (kind === 'node') {
    const node = capabilities.for(id, 'node');
    if (node !== undefined) return on ? node.wake(id, signal) : node.shutDown(id, signal);
  }
  if (kind === 'server' && on) {
    const server = capabilities.for(id, 'server');
    if (server !== undefined) return server.switchOn(id, signal);
  }
  const power = capabilities.for(id, 'power');
  if (power === undefined)
    throw new LabError('target_unsuitable', `${name} cannot be switched: its system offers no such thing`);
  return on ? power.start(id, signal) : power.stop(id, signal);
}

/**
 * Switches many side by side. What one refuses keeps no other from it.
 *
 * @param tell takes a line for people on each that failed
 * @returns ids of those that failed
 */
export async function switchAll(
  on: boolean,
  targets: readonly LabResource[],
  capabilities: CapabilityFinder,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<readonly string[]> {
  const failed = await Promise.all(
    targets.map(async (one) => {
      try {
        await switchTo(on, one, capabilities, signal);
        return [];
      } catch (thrown) {
        signal.throwIfAborted();
        tell(`${one.name}: ${asLabError(thrown).message}`);
        return [one.id];
      }
    }),
  );
  return failed.flat();
}
