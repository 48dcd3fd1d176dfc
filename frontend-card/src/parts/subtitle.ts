import { num, str, type Thing } from '../lab/thing.ts';
import type { Words } from '../lab/words/words.ts';

/** What stands under the name of a thing: what it is, and what is worth knowing at a glance or wrong. */
export function subtitle(thing: Thing, words: Words): string {
  const kind = thing.kind === 'guest' ? shortModel(thing.model, words) : words.kind(thing.kind);
  if (['problem', 'warning', 'away'].includes(thing.health)) {
    const state = str(thing, 'state');
    const rests = thing.kind === 'guest' && state !== undefined && state !== 'running';
    return [
      kind,
      ...(rests ? [words.state(state)] : []),
      ...thing.because.map((reason) => words.reason(reason)),
    ].join(' · ');
  }
  const parts = [kind];
  if (thing.health === 'off' || thing.health === 'unknown') parts.push(words.health(thing));
  const watts = num(thing, 'watts');
  if (watts !== undefined) parts.push(words.value({ key: 'watts', value: watts, unit: 'W' }));
  const running = num(thing, 'guests_running') ?? num(thing, 'running');
  const total = num(thing, 'guests') ?? num(thing, 'total');
  if (running !== undefined && total !== undefined) parts.push(words.say('running_of', { running, total }));
  const ip = thing.readings.ip?.value;
  if (typeof ip === 'string') parts.push(ip);
  return parts.join(' · ');
}

const shortModel = (model: string | undefined, words: Words): string =>
  model === undefined ? words.kind('guest') : /lxc|container/i.test(model) ? 'LXC' : 'VM';
