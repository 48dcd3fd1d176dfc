import type { Action } from '../contract/action.ts';
import { restart, setPower } from './power.ts';
import { bringBack } from './publication.ts';
import { identifyLight, serverForceOff, serverOn, serverShutdown } from './server-power.ts';

/** Every action that Labkeeper offers. */
export const ACTIONS: readonly Action[] = [
  ...[setPower, restart, bringBack],
  ...[serverOn, serverShutdown, serverForceOff, identifyLight],
] as unknown as readonly Action[];
