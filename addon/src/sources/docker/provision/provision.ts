import type { Capabilities } from '../../../contract/capabilities.ts';
import type { Task } from '../../../contract/provision.ts';
import type { Bench } from './bench.ts';
import { deployStack } from './deploy-stack.ts';

/** By the id of their action: a file each, and a line here. */
const TASKS: Readonly<Record<string, (bench: Bench) => Task>> = {
  deploy_stack: deployStack,
};

/** What can be made, changed and taken away on an engine. */
export function provisionOf(bench: Bench): Capabilities['provision'] {
  const tasks = Object.fromEntries(Object.entries(TASKS).map(([action, task]) => [action, task(bench)]));
  return { task: (action) => tasks[action] };
}
