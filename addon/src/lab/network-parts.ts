import Type from 'typebox';
import type { ActionContext } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import type { PortSeen } from '../contract/network.ts';
import type { Preparation } from '../contract/step.ts';
import { LabError } from '../core/errors.ts';
import type { LabResource } from '../kinds/index.ts';

// No change of a network says whether it happened: one that was cut off is taken back by the source that sent it, so what
// its target shows meanwhile is no answer.

/** A port of what it is done to. */
export const PORT = Type.String({
  ...{ pattern: '^port_[0-9]{1,3}$', examples: ['port_5'], title: 'Port' },
  description: 'Key of the port, as in port_5.',
  de: { title: 'Port', description: 'Schlüssel des Ports, etwa port_5.' },
});
export const WISH = Type.Enum(['on', 'off'], {
  ...{ title: 'State', description: 'On or off.' },
  de: { title: 'Zustand', description: 'Ein oder aus.' },
});

interface PortState {
  readonly key: string;
  readonly poe?: boolean | null;
  readonly enabled?: boolean | null;
  readonly profile?: string | null;
  readonly vlan?: number | null;
}

/** undefined: it has no such port. */
export function portOf({ readings }: LabResource, key: string): PortState | undefined {
  const { uplinks = [], ports = [] } = readings as {
    readonly uplinks?: readonly PortState[];
    readonly ports?: readonly PortState[];
  };
  return [...uplinks, ...ports].find((port) => port.key === key);
}

/** Binds a job, and the dry run before it, to what a port is like while its change is planned. */
export async function preparePort({
  target,
  input,
}: ActionContext<{ readonly item: string }>): Promise<Preparation> {
  const { enabled = null, profile = null, vlan = null } = portOf(target, input.item) ?? {};
  return bound({ enabled, profile, vlan } satisfies PortSeen);
}

/** A job that is carried out only while what it is done to is as it was seen. */
export const bound = (seen: object): Preparation => ({
  ...{ decided: { seen }, checks: [] },
  fingerprint: JSON.stringify(seen),
});

/** What `bound` put away, as its action knows it. */
export const seenIn = <T>({ decided }: ActionContext<unknown>): T | undefined =>
  decided.seen as T | undefined;

/** @throws LabError `target_unsuitable` */
export function networkOf({ capabilities, target }: ActionContext<unknown>): Capabilities['network'] {
  const network = capabilities.for(target.id, 'network');
  if (network !== undefined) return network;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be changed: its controller offers no control`,
  );
}
