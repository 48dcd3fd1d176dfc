import type { SourceContext } from '../../../contract/source.ts';
import type { DockerClient } from '../client.ts';
import type { DockerOptions } from '../config.ts';
import type { Picture } from '../picture.ts';
import { Registries } from './registries.ts';
import { Updates } from './updates.ts';

/** What the session of an engine needs of it. */
export type ImageUpdates = Pick<Updates, 'tasks' | 'shownOn' | 'verdict' | 'close'>;

/** For who does not want to know: nobody is asked anything. */
const NONE: ImageUpdates = {
  tasks: [],
  shownOn: (resources) => resources,
  verdict: () => undefined,
  close: async () => {},
};

/**
 * Looks for newer images for one engine.
 *
 * @throws LabError `options_invalid` when a certificate file cannot be read
 */
export function openUpdates(
  { image_updates = true, registries = [] }: DockerOptions,
  { owner, clock, log, memory }: Pick<SourceContext, 'owner' | 'clock' | 'log' | 'memory'>,
  client: Pick<DockerClient, 'image'>,
  picture: Pick<Picture, 'inspects'>,
  changed: () => void,
): ImageUpdates {
  if (!image_updates) return NONE;
  return new Updates({
    ...{ clock, log, memory, changed },
    registries: new Registries(registries, { name: owner, clock }),
    image: (name, signal) => client.image(name, signal),
    containers: () => picture.inspects,
  });
}
