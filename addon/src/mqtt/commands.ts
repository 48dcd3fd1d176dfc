import type { ActionRequest } from '../contract/action.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { publishedRows } from '../entities/published-rows.ts';
import type { EntitySettings } from '../entities/settings.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Message } from './connection.ts';

export interface CommandParts {
  readonly settings: EntitySettings;
  readonly resourceOf: (objectId: string) => LabResource | undefined;
  readonly submit: (request: ActionRequest) => unknown;
  readonly log: Log;
}

export const commandFilter = ({ base }: EntitySettings): string => `${base}/+/+/set`;

/** Turns what arrives on entities' command topics into action requests. */
export function createCommands({
  settings,
  resourceOf,
  submit,
  log,
}: CommandParts): (message: Message) => void {
  return ({ topic, payload, retain }) => {
    const [objectId = '', key = ''] = topic.slice(settings.base.length + 1).split('/');
    // Kept by the broker, it would be carried out again at each start.
    if (retain) return log.warn('a retained command was dropped: publish commands without retain', { topic });
    const resource = resourceOf(objectId);
    const row = resource && publishedRows(resource, settings).find((candidate) => candidate.key === key);
    if (resource === undefined || row === undefined || !('commands' in row)) {
      return log.warn('a command for nothing that we have was dropped', { topic });
    }
    const command = new Map(Object.entries(row.commands)).get(payload);
    if (command === undefined) {
      return log.warn(`a command that is not one of ${Object.keys(row.commands).join(', ')} was dropped`, {
        topic,
      });
    }
    try {
      submit({ ...command, target: resource.id, door: 'mqtt', user: 'unknown' });
    } catch (thrown) {
      const { message, code } = asLabError(thrown);
      log.warn(message, { topic, code });
    }
  };
}
