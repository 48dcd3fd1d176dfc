import type { Hass } from '../hass/types.ts';
import { kindOf } from '../lab/kinds.ts';

const CARDS: Readonly<Record<string, string>> = {
  node: 'custom:labkeeper-node-card',
  guest: 'custom:labkeeper-guest-card',
  gpu: 'custom:labkeeper-gpu-card',
};

/**
 * The card that suits an entity's device; Home Assistant proposes it where somebody adds that entity.
 *
 * @param type only if it is this one
 * @returns null for what is not of ours
 */
export function suggestionFor(hass: Hass, entity: string, type: string): object | null {
  const device = hass.devices[hass.entities[entity]?.device_id ?? ''];
  const kind = device?.identifiers.flatMap(([domain, id]) =>
    domain === 'mqtt' ? (kindOf(id) ?? []) : [],
  )[0];
  if (device === undefined || kind === undefined || CARDS[kind] !== type) return null;
  return { config: { type, device: device.id } };
}
