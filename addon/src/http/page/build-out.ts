import type { Risk } from '../../contract/action.ts';
import type { BuildOutView, ItemState, ItemView } from '../../contract/build-out.ts';
import { Html, html } from './html.ts';

export interface BuildOutModel {
  readonly buildOut: BuildOutView;
  /** Whether who looks may press its buttons. */
  readonly mayOperate: boolean;
  /** What an action may cost, by its id; undefined: there is none. */
  readonly riskOf: (action: string) => Risk | undefined;
}

const MOODS: Readonly<Record<ItemState, string>> = { done: 'good', open: 'idle', unknown: 'warn' };

/** How far the lab is what it is to become; the phase that is next is unfolded. */
export function buildOutView(model: BuildOutModel): Html | undefined {
  const { buildOut } = model;
  if (buildOut.total === 0) return undefined;
  const { next, phases } = buildOut;
  return html`<section><h2>Build-out <span class="kind">${share(buildOut)}</span></h2>
    <p class="note">${
      next !== null
        ? html`Next: <b>${next.title}</b>`
        : buildOut.done === buildOut.total
          ? 'All of it is there.'
          : 'What is next shows when all systems answer.'
    }</p>${phases.map((phase) => phaseView(phase, model))}
    <p class="note">What it is to become is yours to say: <a href="api/build-out/file" download="build-out.yaml">the
    file</a>, changed, goes to the folder <code>recipes</code> of Labkeeper’s configuration.</p></section>`;
}

function phaseView(phase: BuildOutView['phases'][number], model: BuildOutModel): Html {
  const { id, title, total, done, items } = phase;
  const isNext = model.buildOut.next?.phase === id;
  return html`<details id="phase-${id}"${isNext && new Html(' open')}><summary><span class="phase">${title}</span>
    <progress max="${total}" value="${done}" aria-label="${title}"></progress> <span class="kind">${share(phase)}</span>
    </summary><ul class="findings">${items.map((item) => itemView(item, model))}</ul></details>`;
}

function itemView(item: ItemView, model: BuildOutModel): Html {
  const { title, state, because, todo } = item;
  return html`<li><p><span class="state ${MOODS[state]}"><span class="unseen">${state}: </span></span><b>${title}</b>
    <span class="kind">${state}</span></p>
    ${because.map((one) => html`<p class="hint">${one}</p>`)}
    ${state !== 'done' && html`<p>${todo} ${actionView(item, model)}</p>`}</li>`;
}

function actionView({ id, action }: ItemView, { mayOperate, riskOf }: BuildOutModel): Html {
  if (action === null) return html`<span class="kind">no action yet</span>`;
  const { target, input } = action;
  // What needs a confirmation or an input is not done by one press.
  const isPlain = riskOf(action.id) === 'operate' && Object.keys(input).length === 0;
  return mayOperate && isPlain && target !== null
    ? html`<button type="button" id="do-${id}" data-action="${action.id}" data-id="${target}">${action.title}</button>`
    : html`<span class="kind">${action.title} (<code>${action.id}</code>)</span>`;
}

/** Without a percentage: at least what is seen. */
function share({ percent, done, total }: BuildOutView | BuildOutView['phases'][number]): string {
  return percent === null ? `at least ${done} of ${total}` : `${percent} % · ${done} of ${total}`;
}
