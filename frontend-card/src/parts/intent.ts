import type { Intent } from '../lab/thing.ts';

/** Name of the event by which parts say what they were asked for; it passes through shadow roots. */
export const INTENT = 'labkeeper-intent';

declare global {
  interface HTMLElementEventMap {
    [INTENT]: CustomEvent<Intent>;
  }
}

/** Says what somebody wants; whoever shows the parts decides what that means there. */
export function intend(from: EventTarget, detail: Intent): void {
  from.dispatchEvent(new CustomEvent(INTENT, { detail, bubbles: true, composed: true }));
}
