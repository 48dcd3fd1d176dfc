import type { Static, TObject } from 'typebox';
import { type Action, type ActionContext, defineAction } from '../contract/action.ts';
import type { Task } from '../contract/provision.ts';
import { LabError } from '../core/errors.ts';
import { askNetwork } from './neighbours.ts';

/** An action that the system of its target knows how to prepare and to carry out. */
export function provisioned<T extends TObject>(
  action: Omit<Action<T>, 'prepare' | 'plan' | 'warnings'>,
): Action<T> {
  const taskOf = (context: ActionContext<Static<T>>): Task<Static<T>> => {
    const { capabilities, target } = context;
    const task = capabilities.for(target.id, 'provision')?.task(action.id);
    if (task !== undefined) return task as Task<Static<T>>;
    throw new LabError('target_unsuitable', `the system of ${target.name} does not offer “${action.title}”`);
  };
  return defineAction<T>({
    ...action,
    prepare: (context) => taskOf(context).prepare(context),
    plan: (context) =>
      taskOf(context)
        .steps(context)
        .map((step) => ({ ...step, run: (now) => step.run({ ...now, askNetwork: askNetwork(now) }) })),
  });
}
