import type { Controller, Drive, DriveEnvironment, DriveMetrics, Storage, Volume } from './wire.ts';

/** A drive with what is measured of it. */
export interface SeenDrive extends Drive {
  readonly metrics?: DriveMetrics;
  readonly environment?: DriveEnvironment;
}

/** One storage controller with what hangs on it. */
export interface Shelf {
  readonly storage: Storage;
  readonly controller: Controller | undefined;
  readonly drives: readonly SeenDrive[];
  /** What it makes of drives; drives that it passes through as they are do not count. */
  readonly volumes: readonly Volume[];
}
