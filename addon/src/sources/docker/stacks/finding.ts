import type { Finding } from '../../../contract/finding.ts';
import { keptWhere } from '../guard/guard.ts';
import { upOf } from './compose.ts';
import type { StackEntry } from './journal.ts';

/** What a person should know of an update of a stack that failed and was left as it is. */
export function stuckStack(entry: StackEntry): Finding {
  const { resource, project, reason = '', exposed, units, way, guard } = entry;
  const where = keptWhere(entry);
  const hasCopy = guard?.by === 'copy' && guard.places.length > 0;
  const tags = new Set(units.map(({ oldImage, image }) => `docker tag ${oldImage} ${word(image)}`));
  const isByHand = way === 'ssh' || way === 'helper';
  const ups = isByHand ? upOf(project, entry).map((words) => ['docker', ...words].map(word).join(' ')) : [];
  return {
    key: `update-stuck-${resource}`,
    severity: 'problem',
    about: resource,
    title: 'The update of a stack failed, and somebody has to decide',
    message:
      `${project.name}: ${reason}.` +
      (exposed.length === 0
        ? ''
        : ` The new containers may have written to ${exposed.join(', ')}, so the old images were not run again: older ` +
          'programs may not understand what newer ones have made of their data.') +
      (where === undefined ? '' : ` But ${where}.`),
    remedy:
      'Look at the logs. To have the old images run again, ask for the update of the stack with go_back: true' +
      (hasCopy
        ? ', which also puts the copy of the data back. '
        : ', or use these commands on the engine’s machine' +
          `${isByHand ? '' : ', then update the stack in Portainer without pulling'}. `) +
      'To go forth, mend what ails it: this goes when all of it is well.',
    commands: hasCopy ? [] : [...tags, ...ups],
  };
}

/** As a shell takes it; names come from the lab. */
const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
