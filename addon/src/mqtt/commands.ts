import type { ActionRequest } from '../contract/action.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type AnyRow, choicesOf, isInstallable, mostOf, publishedRows } from '../entities/published-rows.ts';
import type { EntitySettings } from '../entities/settings.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Command } from '../kinds/rows.ts';
import type { Message } from './connection.ts';

export interface CommandParts {
  readonly settings: EntitySettings;
  readonly resourceOf: (objectId: string) => LabResource | undefined;
  readonly submit: (request: ActionRequest) => unknown;
  /** Tells at a resource that a command was not carried out, and why. */
  readonly refuse: (resourceId: string, reason: string) => void;
  readonly log: Log;
}

export const commandFilter = ({ base }: EntitySettings): string => `${base}/+/+/set`;

/** Turns what arrives on entities' command topics into action requests. What becomes of none is told and logged. */
export function createCommands({
  settings,
  resourceOf,
  submit,
  refuse,
  log,
}: CommandParts): (message: Message) => void {
  return ({ topic, payload, retain }) => {
    const [objectId = '', key = ''] = topic.slice(settings.base.length + 1).split('/');
    const resource = resourceOf(objectId);
    const drop = (reason: string, fields: Record<string, unknown> = {}): void => {
      log.warn(reason, { topic, ...fields });
      if (resource !== undefined) refuse(resource.id, reason);
    };
    // Kept by the broker, it would be carried out again at each start.
    if (retain) return drop('a retained command was dropped: publish commands without retain');
    const row = resource && publishedRows(resource, settings).find((candidate) => candidate.key === key);
    const isUpdate = row?.platform === 'update';
    if (
      resource === undefined ||
      row === undefined ||
      !(('commands' in row && row.commands !== undefined) || 'sets' in row) ||
      (isUpdate && !isInstallable(row, resource.readings))
    ) {
      return drop('a command for nothing that we have was dropped');
    }
    const command = commandOf(row, resource, payload);
    if (typeof command === 'string') return drop(`a command that is not ${command} was dropped`);
    try {
      const request = { ...command, target: resource.id, door: 'mqtt', user: 'unknown' } as const;
      submit(isUpdate ? { ...request, isInstall: true } : request);
    } catch (thrown) {
      const { message, code } = asLabError(thrown);
      drop(message, { code });
    }
  };
}

/** What a payload asks for; or, in words, what it should have been. */
function commandOf(row: AnyRow, resource: LabResource, payload: string): Command | string {
  if (row.platform === 'number') {
    const most = mostOf(row, resource);
    const wanted = /^\d{1,9}(\.\d{1,9})?$/.test(payload) ? Number(payload) : Number.NaN;
    if (!(wanted <= most)) return `a number from 0 to ${most}`;
    const { action, field } = row.sets;
    return { action, input: { [field]: wanted, ...(row.item !== undefined && { item: row.item.key }) } };
  }
  if (row.platform === 'select') {
    if (!choicesOf(row, resource).includes(payload)) return 'one of the choices';
    const { action, field } = row.sets;
    return { action, input: { [field]: payload, ...(row.item !== undefined && { item: row.item.key }) } };
  }
  const commands: Readonly<Record<string, Command>> = ('commands' in row && row.commands) || {};
  return new Map(Object.entries(commands)).get(payload) ?? `one of ${Object.keys(commands).join(', ')}`;
}
