import type { Capabilities } from '../../../contract/capabilities.ts';
import type { SourceContext } from '../../../contract/source.ts';
import type { DockerClient } from '../client.ts';
import type { DockerOptions } from '../config.ts';
import { Helper } from '../stacks/helper.ts';
import { socketOf } from '../stacks/open.ts';
import { Hands, type RegistryLogin } from '../update/hands.ts';
import { HELPER_IMAGE } from '../update/open.ts';
import { outsidersOf } from '../update/outside.ts';
import type { Bench } from './bench.ts';
import { FileHands } from './file-hands.ts';
import { placeByHelper, placeBySsh } from './place.ts';
import { provisionOf } from './provision.ts';
import { Stock } from './stock.ts';

/** Where stacks have their folders, as many have it already. */
const STACKS_FOLDER = '/opt/stacks';

interface OpenParts extends Pick<Bench, 'picture' | 'updates' | 'control'> {
  readonly client: DockerClient;
  readonly loginOf: (registry: string) => RegistryLogin | undefined;
}

/** Makes, changes and takes away stacks and containers of one engine. */
export function openProvision(
  options: DockerOptions,
  { owner, clock, log }: Pick<SourceContext, 'owner' | 'clock' | 'log'>,
  { client, loginOf, picture, updates, control }: OpenParts,
): Capabilities['provision'] {
  const { compose_image: image = HELPER_IMAGE, stacks_folder = STACKS_FOLDER } = options;
  const hands = new Hands(client);
  const helper = new Helper({
    ...{ hands, log, image, loginOf, socket: socketOf(options) },
  });
  const { stacks: portainer, run } = client.way;
  const outsiders = outsidersOf(portainer !== undefined);
  return provisionOf({
    ...{ picture, updates, control, helperImage: image, protection: options.update_protection ?? 'none' },
    ...{ owner, clock, log, hands, outsiders, loginOf, portainer, run, stock: new Stock(client, hands) },
    byHelper:
      image === 'none'
        ? undefined
        : placeByHelper({ hands, files: new FileHands(client), helper, image, clock }),
    bySsh: run && placeBySsh(run, clock),
    stacksFolder: stacks_folder.replace(/(.)\/+$/, '$1'),
  });
}
