import type { Finding } from '../../../contract/finding.ts';
import { keptWhere } from '../guard/guard.ts';
import type { Entry } from './journal.ts';
import { waysOut } from './swap.ts';

/** What a person should know of an update that failed, where the old container was not started again. */
export function stuckFinding(entry: Entry): Finding {
  const { resource, reason = '', exposed, guard } = entry;
  const wrote = `The new container may have written to ${exposed.join(', ')}, so the old one was not started again: `;
  const where = keptWhere(entry);
  return {
    key: `update-stuck-${resource}`,
    severity: 'problem',
    about: resource,
    title: 'An update failed, and the old container is kept',
    message:
      `${reason}.` +
      (exposed.length === 0
        ? ''
        : ` ${wrote}older programs may not understand what newer ones have made of their data.`) +
      (where === undefined ? '' : ` But ${where}.`),
    remedy:
      guard?.by === 'copy'
        ? 'Look at the log of the new one; then go back with its data by asking for the update again with go_back: true, ' +
          'or let the old one go with this command.'
        : 'Look at the log of the new one; then go back with the first command, or let the old one go with the second.',
    commands: waysOut(entry),
  };
}
