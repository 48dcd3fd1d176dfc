import { settledName } from './update/kept.ts';
import type { ContainerInspect } from './wire.ts';

/** What stays the same when a container is recreated, and what people call it. */
export interface Identity {
  /** Last part of its resource id. */
  readonly path: string;
  readonly name: string;
  /** Compose project or Swarm stack. */
  readonly stack: string | undefined;
}

/**
 * Who a container is. By its Compose labels `project.service.number`, in a Swarm `service.slot`, else its name.
 * Container ids change whenever one is recreated, so they are never part of it.
 */
export function identityOf({ Name, Config }: Pick<ContainerInspect, 'Name' | 'Config'>): Identity {
  const labels = Config.Labels ?? {};
  const given = settledName(Name);
  const project = labels['com.docker.compose.project'];
  const service = labels['com.docker.compose.service'];
  if (project !== undefined && service !== undefined) {
    const number = labels['com.docker.compose.container-number'] ?? '1';
    // While Compose recreates a container, the new one is called `<12 hex digits>_<name>`.
    const settled = given.replace(/^[0-9a-f]{12}_/, '');
    const unnamed = [`${project}-${service}-${number}`, `${project}_${service}_${number}`].includes(settled);
    const name = unnamed ? (number === '1' ? service : `${service} ${number}`) : settled;
    return { path: `${project}.${service}.${number}`, name, stack: project };
  }
  const swarmService = labels['com.docker.swarm.service.name'];
  if (swarmService !== undefined) {
    // `<service>.<slot>.<task id>`; in global mode the slot is the node's id.
    const slot =
      (labels['com.docker.swarm.task.name'] ?? '').slice(swarmService.length + 1).split('.')[0] || '1';
    return {
      path: `${swarmService}.${slot}`,
      name: `${swarmService}.${slot}`,
      stack: labels['com.docker.stack.namespace'],
    };
  }
  return { path: given, name: given, stack: undefined };
}

/** By this label our own helpers are told from what people run. */
export const HELPER_LABEL = 'labkeeper.helper';

/** One-off Compose runs, `--rm` containers and helpers come and go with a command; nobody wants a device for each. */
export function isPassing({ Config, HostConfig }: Pick<ContainerInspect, 'Config' | 'HostConfig'>): boolean {
  const labels = Config.Labels ?? {};
  const isOneOff = labels['com.docker.compose.oneoff'] === 'True' || labels[HELPER_LABEL] !== undefined;
  return isOneOff || HostConfig.AutoRemove === true;
}
