import type { SourceContext } from '../../../contract/source.ts';
import type { DockerClient } from '../client.ts';
import type { DockerOptions } from '../config.ts';
import type { Picture } from '../picture.ts';
import type { Troubles } from '../troubles.ts';
import { Hands } from './hands.ts';
import { Journal } from './journal.ts';
import { Updater } from './updater.ts';

interface OpenParts {
  readonly client: DockerClient;
  readonly picture: Pick<Picture, 'inspects'>;
  readonly troubles: Pick<Troubles, 'setUpdates'>;
}

/** Updates the containers of one engine. */
export function openUpdater(
  { registries = [] }: DockerOptions,
  { clock, log, memory }: Pick<SourceContext, 'clock' | 'log' | 'memory'>,
  { client, picture, troubles }: OpenParts,
  changed: () => void,
): Updater {
  return new Updater({
    ...{ clock, log, changed },
    hands: new Hands(client),
    journal: new Journal(memory),
    containers: () => picture.inspects,
    report: (findings) => troubles.setUpdates(findings),
    loginOf: (registry) => {
      const { username, password } = registries.find(({ host }) => host === registry) ?? {};
      if (username === undefined || password === undefined) return undefined;
      return { username, password, serveraddress: registry };
    },
  });
}
