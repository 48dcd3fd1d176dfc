import type { SimContainer } from './container.ts';
import { type Filters, fits, hasLabel } from './filters.ts';
import { EVERYWHERE, networksOf, portsOf } from './network.ts';
import { durationText } from './time.ts';

/** `GET /containers/json` */
export function listOf(
  containers: readonly SimContainer[],
  all: boolean,
  filters: Filters,
  now: number,
): readonly object[] {
  // Who asks for a state wants to see those that do not run, too.
  const everyState = all || filters.has('status');
  return containers
    .filter((container) => everyState || container.alive)
    .filter((container) => isWanted(container, filters))
    .map((container) => entryOf(container, now));
}

function isWanted({ id, name, status, spec, health }: SimContainer, filters: Filters): boolean {
  return (
    fits(filters, 'id', (wanted) => id.startsWith(wanted)) &&
    fits(filters, 'name', (wanted) => name.includes(wanted.replace(/^[\^/]+|\$$/g, ''))) &&
    fits(filters, 'status', (wanted) => status === wanted) &&
    fits(filters, 'health', (wanted) => (health?.status ?? 'none') === wanted) &&
    fits(filters, 'label', (wanted) => hasLabel(spec.labels ?? {}, wanted))
  );
}

function entryOf(container: SimContainer, now: number): object {
  const { id, spec, imageId, createdAt, status, hasProcess } = container;
  return {
    Id: id,
    Names: [`/${spec.name}`],
    Image: spec.image,
    ImageID: imageId,
    Command: (spec.command ?? ['/entrypoint.sh']).join(' '),
    Created: Number(createdAt / 1_000_000_000n),
    Ports: hasProcess ? portsOf(container).flatMap(bindingsOf) : [],
    Labels: spec.labels ?? {},
    State: status,
    Status: statusText(container, now),
    HostConfig: { NetworkMode: spec.networkMode ?? 'default' },
    NetworkSettings: { Networks: networksOf(container) },
    Mounts: [],
  };
}

function bindingsOf({ port, protocol, hostPort }: ReturnType<typeof portsOf>[number]): readonly object[] {
  if (hostPort === null) return [{ PrivatePort: port, Type: protocol }];
  return EVERYWHERE.map((IP) => ({ IP, PrivatePort: port, PublicPort: hostPort, Type: protocol }));
}

/** As `docker ps` shows it. */
function statusText({ status, startedAt, finishedAt, exitCode, health }: SimContainer, now: number): string {
  const since = (at = 0n): string => durationText(now - Number(at / 1_000_000n));
  if (status === 'created') return 'Created';
  if (status === 'exited') return `Exited (${exitCode}) ${since(finishedAt)} ago`;
  if (status === 'restarting') return `Restarting (${exitCode}) ${since(finishedAt)} ago`;
  if (status === 'paused') return `Up ${since(startedAt)} (Paused)`;
  const starting = health?.status === 'starting' ? 'health: starting' : health?.status;
  return `Up ${since(startedAt)}${starting === undefined ? '' : ` (${starting})`}`;
}
