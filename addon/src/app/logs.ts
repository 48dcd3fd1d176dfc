import type { CapabilityFinder } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';
import type { LogReader } from '../http/parts.ts';

/** A reader that throws a `LabError`: `target_unsuitable` for what has no log, else what its system's talk ends with. */
export function logsOf(capabilities: CapabilityFinder, redact: (text: string) => string): LogReader {
  return async (resourceId, lines, signal) => {
    const logs = capabilities.for(resourceId, 'logs');
    if (logs === undefined) throw new LabError('target_unsuitable', `${resourceId} has no log to show`);
    const { text, isCut } = await logs.tail(resourceId, lines, signal);
    return { text: redact(text), isCut };
  };
}
