import type { Capabilities } from '../../contract/capabilities.ts';
import { LabError } from '../../core/errors.ts';
import type { DockerClient } from './client.ts';
import type { Picture } from './picture.ts';
import type { StackControl } from './stack-control.ts';

/** What can be done to the containers and stacks of an engine. */
export function capabilitiesOf(
  client: DockerClient,
  stacks: StackControl,
  picture: Picture,
): Pick<Capabilities, 'power' | 'container' | 'logs'> {
  const idOf = (resourceId: string): string => {
    const id = picture.containerId(resourceId);
    if (id !== undefined) return id;
    throw new LabError('target_unknown', `${resourceId} is not on the engine at present`);
  };
  const power =
    (verb: 'start' | 'stop' | 'restart') =>
    async (resourceId: string, signal: AbortSignal): Promise<void> => {
      const members = picture.membersOf(resourceId);
      if (members.length > 0) await stacks[verb](members, signal);
      else await client[verb](idOf(resourceId), signal);
    };
  return {
    power: { start: power('start'), stop: power('stop'), restart: power('restart') },
    container: {
      pause: async (id, signal) => client.pause(idOf(id), signal),
      resume: async (id, signal) => client.unpause(idOf(id), signal),
      kill: async (id, signal) => client.kill(idOf(id), signal),
    },
    logs: { tail: async (id, lines, signal) => client.log(idOf(id), lines, signal) },
  };
}
