import type { Finding } from '../../../contract/finding.ts';
import type { SourceContext } from '../../../contract/source.ts';
import type { DockerClient } from '../client.ts';
import type { DockerOptions } from '../config.ts';
import { Copier } from '../guard/copier.ts';
import { Guardian } from '../guard/guard.ts';
import type { Picture } from '../picture.ts';
import type { ImageUpdates } from '../registry/open.ts';
import { type EngineUpdates, updatesOf } from '../stacks/both.ts';
import { openStackUpdater } from '../stacks/open.ts';
import type { Troubles } from '../troubles.ts';
import { Hands, type RegistryLogin } from './hands.ts';
import { Journal } from './journal.ts';
import { outsidersOf } from './outside.ts';
import { Updater } from './updater.ts';

interface OpenParts {
  readonly client: DockerClient;
  readonly picture: Pick<Picture, 'inspects' | 'membersOf'>;
  readonly updates: Pick<ImageUpdates, 'verdict'>;
  readonly troubles: Pick<Troubles, 'setUpdates'>;
}

/** An image with `docker` and Compose, kept by Docker itself; it has a shell and its tools, too. */
export const HELPER_IMAGE = 'docker:cli';

/** Who logs in at a registry; undefined: nobody. */
export const loginsOf =
  ({ registries = [] }: DockerOptions) =>
  (registry: string): RegistryLogin | undefined => {
    const { username, password } = registries.find(({ host }) => host === registry) ?? {};
    if (username === undefined || password === undefined) return undefined;
    return { username, password, serveraddress: registry };
  };

/** Updates the containers and stacks of one engine. */
export function openUpdater(
  options: DockerOptions,
  context: Pick<SourceContext, 'clock' | 'log' | 'memory'>,
  { client, picture, updates, troubles }: OpenParts,
  changed: () => void,
): EngineUpdates {
  const { clock, log, memory } = context;
  const loginOf = loginsOf(options);
  const told = new Map<'containers' | 'stacks', readonly Finding[]>();
  const report = (of: 'containers' | 'stacks') => (findings: readonly Finding[]) => {
    told.set(of, findings);
    troubles.setUpdates([...told.values()].flat());
  };
  const journal = new Journal(memory);
  const hands = new Hands(client);
  const outsiders = outsidersOf(client.way.stacks !== undefined);
  const { compose_image: image = HELPER_IMAGE, update_protection: protection = 'none' } = options;
  const guardian = new Guardian(new Copier({ hands, image, loginOf }), log);
  const containers = new Updater({
    ...{ clock, log, changed, journal, guardian, protection, loginOf, hands, outsiders },
    containers: () => picture.inspects,
    report: report('containers'),
  });
  const stacks = openStackUpdater(options, context, {
    ...{ client, picture, updates, containers, journal, guardian, image, loginOf, changed, outsiders },
    report: report('stacks'),
  });
  return updatesOf(containers, stacks);
}
