import type { SourceContext } from '../../../contract/source.ts';
import type { DockerClient } from '../client.ts';
import type { DockerOptions } from '../config.ts';
import type { Guardian } from '../guard/guard.ts';
import type { Picture } from '../picture.ts';
import type { ImageUpdates } from '../registry/open.ts';
import { inOrder } from '../stack-order.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import { Hands, type RegistryLogin } from '../update/hands.ts';
import type { Journal } from '../update/journal.ts';
import type { Outsiders } from '../update/outside.ts';
import type { Updater } from '../update/updater.ts';
import { carrierOf } from './carriers.ts';
import { StackHands } from './hands.ts';
import { Helper } from './helper.ts';
import { StackJournal } from './journal.ts';
import { projectOf } from './project.ts';
import { pullAll } from './pull.ts';
import type { StackMember } from './scope.ts';
import { StackUpdater, type StackUpdaterParts } from './updater.ts';
import { Ways } from './ways.ts';

const SOCKET = '/var/run/docker.sock';

/** Where the socket of an engine lies on its own machine. */
export const socketOf = ({ url, compose_socket }: Pick<DockerOptions, 'url' | 'compose_socket'>): string =>
  compose_socket ?? (url.startsWith('unix://') ? url.slice('unix://'.length) : SOCKET);

interface OpenParts extends Pick<StackUpdaterParts, 'report' | 'changed'> {
  readonly client: DockerClient;
  readonly picture: Pick<Picture, 'inspects' | 'membersOf'>;
  readonly updates: Pick<ImageUpdates, 'verdict'>;
  /** Updates single containers, and what it has written down. */
  readonly containers: Updater;
  readonly journal: Journal;
  readonly guardian: Guardian;
  /** Of helpers; `none`: there shall be none. */
  readonly image: string;
  readonly loginOf: (registry: string) => RegistryLogin | undefined;
  readonly outsiders: Outsiders;
}

/** Updates the stacks of one engine. */
export function openStackUpdater(
  options: DockerOptions,
  { clock, log, memory }: Pick<SourceContext, 'clock' | 'log' | 'memory'>,
  {
    client,
    picture,
    updates,
    containers,
    journal,
    guardian,
    image,
    loginOf,
    outsiders,
    report,
    changed,
  }: OpenParts,
): StackUpdater {
  const hands = new Hands(client);
  const stackHands = new StackHands(client);
  const { stacks: portainer, run } = client.way;
  const { update_protection: protection = 'none' } = options;
  const helper = new Helper({ ...{ hands, log, loginOf, image }, socket: socketOf(options) });
  const membersOf = (resource: string): readonly StackMember[] => {
    const members = picture.membersOf(resource);
    if (members.length === 0) return [];
    const all = [...picture.inspects];
    return inOrder(members)
      .flat()
      .flatMap(({ containerId }) => {
        const [id, inspect] = all.find(([, { Id }]) => Id === containerId) ?? [];
        return id === undefined || inspect === undefined
          ? []
          : [{ id, inspect, verdict: updates.verdict(id) }];
      });
  };
  const projects = () =>
    [
      ...Map.groupBy(
        picture.inspects.values(),
        ({ Config }) => Config.Labels?.['com.docker.compose.project'],
      ),
    ].flatMap(([, of]) => projectOf(of) ?? []);
  return new StackUpdater({
    ...{
      clock,
      log,
      hands,
      stackHands,
      membersOf,
      containers,
      guardian,
      protection,
      outsiders,
      report,
      changed,
    },
    all: () => [...picture.inspects.values()] as readonly WholeInspect[],
    journal: new StackJournal(memory),
    ways: new Ways({ portainer, run, projects, image }),
    carrierOf: (way) => carrierOf(way, { clock, portainer, run, helper }),
    pull: (...asked) => pullAll({ hands, loginOf }, ...asked),
    isTaken: (resource) => journal.open().some((entry) => entry.resource === resource),
  });
}
