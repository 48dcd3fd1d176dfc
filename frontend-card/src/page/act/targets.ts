import { html, nothing, type TemplateResult } from 'lit';
import { pathOf } from '../../lab/tree.ts';
import type { Context } from '../context.ts';

/** Every thing of the lab that something of these kinds can be done to, by name, with where it lies. */
function targetsOf(
  { feed, words }: Context,
  kinds: readonly string[],
): readonly { id: string; text: string }[] {
  const { view } = feed;
  return [...view.things.values()]
    .filter(({ kind }) => kinds.includes(kind))
    .map((thing) => {
      const place = pathOf(view, thing).at(-1)?.name;
      return {
        id: thing.id,
        text: `${thing.name}${place === undefined ? '' : ` (${place})`} · ${words.kind(thing.kind)}`,
      };
    })
    .toSorted((a, b) => a.text.localeCompare(b.text, undefined, { numeric: true }));
}

/** Of what is done to the lab as a whole, that is Labkeeper's own device. */
export const wholeLab = ({ feed }: Context): string | undefined =>
  [...feed.view.things.values()].find(({ kind }) => kind === 'app')?.id;

/** Has somebody choose what something is done to. */
export function targetField(
  ctx: Context,
  kinds: readonly string[],
  chosen: string | undefined,
  take: (id: string | undefined) => void,
): TemplateResult {
  const { texts } = ctx;
  const targets = targetsOf(ctx, kinds);
  if (targets.length === 0) return html`<p class="dim">${texts.say('no_target')}</p>`;
  const on = ({ target }: Event): void => take((target as HTMLSelectElement).value || undefined);
  return html`<label style="max-inline-size:640px">${texts.say('choose_target')}
    <select @change=${on}>
      <option value="" ?selected=${chosen === undefined}>${texts.say('choose')}</option>
      ${targets.map(({ id, text }) => html`<option value=${id} ?selected=${id === chosen}>${text}</option>`)}
    </select></label>${nothing}`;
}
