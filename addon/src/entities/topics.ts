import { objectId } from '../core/ids.ts';
import type { EntitySettings } from './settings.ts';

/** Every topic of one resource. */
export interface Topics {
  readonly discovery: string;
  readonly availability: string;
  readonly state: string;
  readonly metrics: string;
  command(key: string): string;
  /** A picture alone, in Base64. */
  image(key: string): string;
  /** Not retained: an event is over once it was told. */
  event(key: string): string;
}

export const topicsOf = (resourceId: string, settings: EntitySettings): Topics =>
  topicsOfObject(objectId(resourceId, settings.site), settings);

export function topicsOfObject(
  id: string,
  { base, discoveryPrefix }: Pick<EntitySettings, 'base' | 'discoveryPrefix'>,
): Topics {
  return {
    discovery: `${discoveryPrefix}/device/${id}/config`,
    availability: `${base}/${id}/availability`,
    state: `${base}/${id}/state`,
    metrics: `${base}/${id}/metrics`,
    command: (key) => `${base}/${id}/${key}/set`,
    image: (key) => `${base}/${id}/${key}/image`,
    event: (key) => `${base}/${id}/${key}/event`,
  };
}

/** Whether the app itself is there: `online` or `offline`. */
export const bridgeTopic = ({ base }: Pick<EntitySettings, 'base'>): string => `${base}/bridge/state`;

export const deviceIdentifier = (resourceId: string, { site }: EntitySettings): string =>
  `labkeeper_${objectId(resourceId, site)}`;
