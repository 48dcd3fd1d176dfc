import { permissions } from './access.ts';
import { identity } from './cluster/identity.ts';
import { resources } from './cluster/resources.ts';
import { guestConfig } from './guest/config.ts';
import { nodeStatus } from './node/status.ts';
import type { GuestReader, Reader } from './reader.ts';

/** All that is read again and again. */
export const READERS: readonly Reader[] = [resources, nodeStatus, identity, permissions];

/** All that is read of single guests: the first is known first of all of them. */
export const GUEST_READERS: readonly GuestReader[] = [guestConfig];
