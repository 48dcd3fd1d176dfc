import type { Capabilities } from '../../../contract/capabilities.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Bench } from './bench.ts';
import { deployStack } from './deploy-stack.ts';
import { prune } from './prune.ts';
import { recreateContainer } from './recreate-container.ts';
import { removeStack } from './remove-stack.ts';
import { updateStack } from './update-stack.ts';

/** By the id of their action: a file each, and a line here. */
const TASKS: Readonly<Record<string, (bench: Bench) => Task>> = {
  deploy_stack: deployStack,
  update_stack: updateStack,
  remove_stack: removeStack,
  recreate_container: recreateContainer,
  prune,
};

/** What can be made, changed and taken away on an engine. */
export function provisionOf(bench: Bench): Capabilities['provision'] {
  const tasks = Object.fromEntries(Object.entries(TASKS).map(([action, task]) => [action, task(bench)]));
  return { task: (action) => tasks[action] };
}
