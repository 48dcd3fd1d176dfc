import type { Action } from '../contract/action.ts';
import { restart, setPower } from './power.ts';
import { bringBack } from './publication.ts';

/** Every action that Labkeeper offers. */
export const ACTIONS: readonly Action[] = [setPower, restart, bringBack] as unknown as readonly Action[];
