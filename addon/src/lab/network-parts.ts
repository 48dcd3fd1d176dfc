import Type from 'typebox';
import type { ActionContext } from '../contract/action.ts';
import type { Capabilities, PortSeen } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';
import type { LabResource } from '../kinds/index.ts';

/** A port of what it is done to. */
export const PORT = Type.String({
  pattern: '^port_[0-9]{1,3}$',
  description: 'key of the port, as in port_5',
});
export const WISH = Type.Enum(['on', 'off']);

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

/** What a port is like while a change of it is planned. */
export function portSeen(target: LabResource, key: string): PortSeen {
  const { enabled = null, profile = null, vlan = null } = portOf(target, key) ?? {};
  return { enabled, profile, vlan };
}

/** @throws LabError `target_unsuitable` */
export function networkOf({ capabilities, target }: ActionContext<unknown>): Capabilities['network'] {
  const network = capabilities.for(target.id, 'network');
  if (network !== undefined) return network;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be changed: its controller offers no control`,
  );
}
