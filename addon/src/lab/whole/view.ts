import type { ActionContext } from '../../contract/action.ts';
import type { LabView } from '../../contract/lab-view.ts';
import type { StepContext } from '../../contract/step.ts';
import { LabError } from '../../core/errors.ts';
import type { LabResource } from '../../kinds/index.ts';

/** The lab as a whole, for what is done to all of it. */
export function labOf({
  capabilities,
  target,
}: Pick<ActionContext<unknown>, 'capabilities' | 'target'>): LabView {
  const lab = capabilities.for(target.id, 'lab');
  if (lab !== undefined) return lab;
  throw new LabError('target_unsuitable', 'the lab as a whole cannot be seen from here');
}

/** Ids of what is not to be ended beside the lab as a whole; undefined: that is not known. */
export function keptOf(lab: LabView): readonly string[] | undefined {
  const lifeline = lab.lifeline();
  return lifeline && [...lifeline, ...lab.brokerLifeline()];
}

/** Names for people by id. */
export const namesOf = (get: LabView['get'], ids: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(ids.map((id) => [id, get(id)?.name ?? id]));

/** Some of them in one line. */
export function listed(names: Readonly<Record<string, string>>, ids: readonly string[]): string {
  const all = ids.map((id) => names[id] ?? id);
  return all.length > 4 ? `${all.slice(0, 3).join(', ')} and ${all.length - 3} more` : all.join(', ');
}

export const resourcesOf = (lab: LabView, ids: readonly string[]): readonly LabResource[] =>
  ids.flatMap((id) => lab.get(id) ?? []);

/** So long all of the lab may take to be heard again after a start of Labkeeper. */
const HEARD_MS = 120_000;

/** Whether everything was heard that a step is about, or has had its time for that; asked again and again. */
export function heard(lab: LabView, ids: readonly string[]): () => boolean {
  let since: number | undefined;
  return () => {
    since ??= lab.now();
    return ids.every((id) => lab.get(id)?.available === true) || lab.now() - since > HEARD_MS;
  };
}

/** A job that was begun too long ago, or before this machine was started anew, is not gone on with. */
const STALE_MS = 1_800_000;

/** @throws LabError `interrupted` */
export function checkFresh(lab: LabView, { decided }: Pick<StepContext<unknown>, 'decided'>): void {
  const at = Number(decided.at);
  const why =
    lab.bootedAt() > at
      ? 'what Labkeeper runs on was started anew since'
      : lab.now() - at > STALE_MS
        ? `it was begun at ${new Date(at).toISOString()}`
        : undefined;
  if (why === undefined) return;
  throw new LabError('interrupted', `it is not gone on with: ${why}`, {
    hint: 'see how the lab is, then ask again',
  });
}
