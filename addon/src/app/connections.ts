import { LabError } from '../core/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { SystemsView } from '../http/parts.ts';
import type { Bridge } from '../mqtt/bridge.ts';

/** How far the systems are, in words without the secrets that Labkeeper knows. */
export function connectionsOf(
  engine: Engine,
  bridge: Pick<Bridge, 'broker'>,
  redact: (text: string) => string,
): SystemsView {
  const clean = (error: LabError | undefined): LabError | undefined =>
    error &&
    new LabError(error.code, redact(error.message), {
      ...(error.hint !== undefined && { hint: redact(error.hint) }),
    });
  return {
    conditions: () =>
      engine.conditions().map(({ traffic, trouble, ...rest }) => {
        const { lastError } = traffic;
        return {
          ...rest,
          traffic: { ...traffic, lastError: lastError === null ? null : redact(lastError) },
          trouble: clean(trouble),
        };
      }),
    ask: async (owner, signal) => {
      const asked = await engine.ask(owner, signal);
      return asked && { error: clean(asked.error) };
    },
    broker: () => bridge.broker,
  };
}
