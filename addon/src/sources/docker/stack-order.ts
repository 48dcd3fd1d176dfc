import type { ContainerInspect } from './wire.ts';

/** What has to be so with another service before one of its containers is started. */
export interface Need {
  readonly service: string;
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
}

/** One container of a stack. */
export interface Member {
  readonly containerId: string;
  readonly name: string;
  /** Of Compose or Swarm; its own name where it has none. */
  readonly service: string;
  readonly needs: readonly Need[];
  readonly on: boolean;
}

/** @param name for people */
export function memberOf({ Id, Config }: ContainerInspect, name: string, on: boolean): Member {
  const labels = Config.Labels ?? {};
  return {
    containerId: Id,
    name,
    service: labels['com.docker.compose.service'] ?? labels['com.docker.swarm.service.name'] ?? name,
    needs: needsOf(labels['com.docker.compose.depends_on'] ?? ''),
    on,
  };
}

/** As Compose writes them down: `db:service_healthy:false,cache:service_started:true`. */
function needsOf(label: string): readonly Need[] {
  return label.split(',').flatMap((text) => {
    const [service = '', condition = 'service_started'] = text.trim().split(':');
    if (service === '') return [];
    const isKnown = condition === 'service_healthy' || condition === 'service_completed_successfully';
    return [{ service, condition: isKnown ? condition : 'service_started' }];
  });
}

/**
 * The containers of a stack in the order of their starts: each group needs only those before it. Where services need
 * each other in a circle, there is no right order: the rest is one group.
 */
export function inOrder(members: readonly Member[]): readonly (readonly Member[])[] {
  const groups: (readonly Member[])[] = [];
  let rest = members;
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ service }) => service));
    const next = rest.filter(({ service, needs }) =>
      needs.every((need) => need.service === service || !waiting.has(need.service)),
    );
    const group = next.length > 0 ? next : rest;
    groups.push(group);
    rest = rest.filter((member) => !group.includes(member));
  }
  return groups;
}
