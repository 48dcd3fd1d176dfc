import type { Action } from '../contract/action.ts';
import { restart, setPower } from './power.ts';

/** Every action that Labkeeper offers. */
export const ACTIONS: readonly Action[] = [setPower, restart] as unknown as readonly Action[];
