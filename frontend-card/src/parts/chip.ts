import { css, html, nothing, type TemplateResult } from 'lit';
import { HEALTHS, num, type Thing } from '../lab/thing.ts';
import { isTrouble, nameWithin } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import { icon } from './icons.ts';
import { intend } from './intent.ts';
import { shape } from './shape.ts';

/** A thing in one line: how it is, what it is called, and at most one number. */
export function chip(thing: Thing, words: Words, from: EventTarget, parent?: Thing): TemplateResult {
  const name = nameWithin(thing, parent);
  const value = gist(thing, words);
  return html`<button class="chip ${thing.health}" title=${name}
    @click=${() => intend(from, { type: 'details', thing: thing.id })}>
    ${shape(thing.health)}${icon(thing.kind)}<span class="name">${name}</span>
    <span class="hidden">, ${words.kind(thing.kind)}, ${words.health(thing)}</span>
    ${value === undefined ? nothing : html`<span class="num dim">${value}</span>`}
  </button>`;
}

/** Many alike in one chip. */
export function groupChip(
  kind: string,
  things: readonly Thing[],
  words: Words,
  open: () => void,
): TemplateResult {
  const healths = things.map(({ health }) => health);
  const worst = HEALTHS.find((health) => isTrouble(health) && healths.includes(health));
  // One of many that says nothing of itself is no trouble.
  const health = worst ?? (healths.includes('ok') ? 'ok' : healths[0]);
  const text = words.count(`${kind}s`, things.length);
  return html`<button class="chip group" aria-expanded="false" @click=${open}>
    ${shape(health ?? 'unknown')}${icon(kind)}<span class="name">${text}</span>
  </button>`;
}

/** The one number that says most of a thing of its kind. */
function gist(thing: Thing, words: Words): string | undefined {
  if (thing.health === 'off' || thing.health === 'away') return words.health(thing);
  const key = ['usage', 'utilization', 'poe_power', 'clients', 'tools', 'alerts'].find(
    (key) => num(thing, key) !== undefined,
  );
  const reading = key === undefined ? undefined : thing.readings[key];
  if (reading === undefined) return undefined;
  const value = num(thing, reading.key) ?? 0;
  return words.value({ ...reading, value: reading.unit === '%' ? Math.round(value) : value });
}

export const chipStyle = css`
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    max-inline-size: 100%;
    padding: 4px 10px 4px 8px;
    font-size: 13px;
    line-height: 20px;
    border-radius: 16px;
    background: var(--lk-softer);
    min-inline-size: 0;
    transition: background 0.15s;
  }
  .chip .icon {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
    color: var(--lk-dim);
  }
  .chip:hover {
    background: color-mix(in srgb, var(--lk-text) 12%, transparent);
  }
  .chip.off,
  .chip.away {
    color: var(--lk-dim);
  }
`;
