import { identity } from './cluster/identity.ts';
import { resources } from './cluster/resources.ts';
import { guestConfig } from './guest/config.ts';
import { nodeStatus } from './node/status.ts';
import type { Reader } from './reader.ts';

/** All that is read again and again, and of each guest when it changes. */
export const READERS: readonly Reader[] = [resources([guestConfig]), nodeStatus, identity];
