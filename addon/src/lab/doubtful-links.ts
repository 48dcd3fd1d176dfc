import type { Finding } from '../contract/finding.ts';
import type { Doubt, Misgiving } from '../model/doubt.ts';

const QUESTION: Readonly<Record<Doubt['about'], string>> = {
  parent: 'What it runs on or belongs to',
  link: 'What it is connected with',
  same: 'Whether it is the same thing as another',
  content: 'What lies on it',
};

const REASON: Readonly<Record<Misgiving, string>> = {
  ambiguous: 'several things fit',
  weak: 'only a single address or host name fits, and those get used again',
  contradiction: 'some of what it is known by fits one thing, some another',
  cycle: 'each would contain the other',
};

const REMEDY: Readonly<Record<Misgiving, string>> = {
  ambiguous:
    'See to it that no two of them have the same MAC address, serial number or UUID: a clone often has its original’s.',
  weak: 'Nothing has to be done. It is settled by a second fact: give the thing the host name that the other knows it by.',
  contradiction:
    'See which of the two it is, and correct what the other says (a cloned UUID, a MAC address set by hand).',
  cycle: 'See which of the two contains the other, and correct the address or host name that says otherwise.',
};

/** What aliases suggest and is not sure enough to be shown, for people. @param nameOf a resource's name, by its id */
export const doubtfulLink = (doubt: Doubt, nameOf: (id: string) => string): Finding => ({
  key: `doubt/${doubt.about}/${doubt.resource}/${doubt.aliases.join(' ')}`,
  severity: doubt.reason === 'weak' ? 'info' : 'warning',
  about: doubt.resource,
  title: `${QUESTION[doubt.about]} is not sure: ${nameOf(doubt.resource)}`,
  message:
    `It goes by ${doubt.aliases.join(', ')}; candidates: ${doubt.candidates.map(nameOf).join(', ')}. But ` +
    `${REASON[doubt.reason]}. So it is left out until it is sure.`,
  remedy: REMEDY[doubt.reason],
});
