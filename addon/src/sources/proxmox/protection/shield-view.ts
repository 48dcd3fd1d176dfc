import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import type { Contents } from '../storage/contents.ts';
import type { Place } from '../storage/place.ts';

/** What says how guests are protected. */
export interface ShieldView {
  readonly places: readonly Place[];
  readonly contents: Contents;
  readonly guests: readonly GuestRow[];
  readonly configOf: (vmid: number) => GuestConfig | undefined;
  readonly may: (path: string, privilege: string) => boolean;
  /** `<source>/<key>` */
  readonly owner: string;
}
