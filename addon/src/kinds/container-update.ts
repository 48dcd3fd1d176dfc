import Type from 'typebox';
import { number, oneOf, text } from './schema.ts';

/** How what runs stands to what its image's tag points at. `pulled`: on the engine already, not yet run. */
const STATES = ['current', 'available', 'pulled'] as const;

/** Left out: there is nothing to compare, since the image was built here, is pinned, or nobody wants to know. */
const versions = {
  image_version: Type.Optional(text('what runs: its version, and digits of its digest')),
  image_latest: Type.Optional(
    text('what its tag points at in the registry; what runs while there is nothing newer'),
  ),
  image_news: Type.Optional(text('what is to be known of the newer one, in a few words')),
};

const installing = {
  updatable: Type.Optional(Type.Literal(true, { description: 'it can be updated from here' })),
  image_progress: Type.Optional(number('how far an update is that is under way', '%')),
};

/** Of a container's image. */
export const imageReadings = {
  ...versions,
  ...installing,
  image_releases: Type.Optional(text('where its maker tells what is new; https')),
  image_state: Type.Optional(oneOf(STATES, 'whether there is a newer image under its tag')),
};

/** Of all images of a stack, taken together. */
export const stackImageReadings = { ...versions, ...installing };

/** The newer image, for Home Assistant's list of updates; skipping one is its own. */
const update = {
  key: 'image_update',
  platform: 'update',
  reading: 'image_version',
  latest: 'image_latest',
  summary: 'image_news',
  topic: 'state',
  level: 'standard',
  category: 'config',
  offered: 'updatable',
  progress: 'image_progress',
  commands: { INSTALL: { action: 'image_update', input: {} } },
} as const;

export const imageRows = [
  {
    ...update,
    link: 'image_releases',
    name: { en: 'Image update', de: 'Image-Aktualisierung' },
  },
  {
    key: 'image_state',
    platform: 'sensor',
    reading: 'image_state',
    name: { en: 'Image state', de: 'Stand des Images' },
    topic: 'state',
    level: 'all',
    category: 'diagnostic',
    deviceClass: 'enum',
    options: STATES,
    icon: 'mdi:package-up',
  },
] as const;

export const stackImageRows = [
  { ...update, name: { en: 'Image updates', de: 'Image-Aktualisierungen' } },
] as const;
