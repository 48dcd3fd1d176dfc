import type { Check } from '../../../contract/step.ts';
import { type Outline, sourceOf } from '../compose-file/outline.ts';
import { collides, type Port, portText } from '../compose-file/ports.ts';
import { powerOfMount, type Service } from '../compose-file/services.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import { settledName } from '../update/kept.ts';
import type { NetworkRow, VolumeRow } from './stock.ts';

/** What an engine has, as far as a stack may come into its way. */
export interface Around {
  /** Those that are not the stack's own. */
  readonly containers: readonly WholeInspect[];
  readonly networks: readonly NetworkRow[];
  readonly volumes: readonly VolumeRow[];
}

const nameOf = ({ Name }: WholeInspect): string => settledName(Name);

/** The ports of its machine that a container has now. */
export function portsOf({ State, NetworkSettings }: WholeInspect): readonly Port[] {
  if (State.Status !== 'running' && State.Status !== 'paused' && State.Status !== 'restarting') return [];
  const { Ports } = (NetworkSettings ?? {}) as {
    Ports?: Readonly<Record<string, readonly Bound[] | null>> | null;
  };
  return Object.entries(Ports ?? {}).flatMap(([target, bound]) =>
    (bound ?? []).map(({ HostIp = '', HostPort }) => ({
      ip: /^(0\.0\.0\.0|::)$/.test(HostIp) ? '' : HostIp,
      ...{ from: Number(HostPort), to: Number(HostPort), target },
      protocol: target.split('/')[1] ?? 'tcp',
    })),
  );
}

interface Bound {
  readonly HostIp?: string;
  readonly HostPort: string;
}

/** Ports that nobody else has, and none wanted twice. */
export function portCheck({ services }: Outline, { containers }: Around): Check {
  const name = 'Ports';
  const wanted = services.flatMap(({ name: service, ports }) => ports.map((port) => ({ service, port })));
  for (const [index, { service, port }] of wanted.entries()) {
    const twice = wanted.slice(0, index).find((other) => collides(other.port, port));
    if (twice !== undefined) {
      return no(
        name,
        `${portText(port)} is wanted by ${twice.service} and by ${service}`,
        'give one of them another port',
      );
    }
    const holder = containers.find((one) => portsOf(one).some((taken) => collides(taken, port)));
    if (holder !== undefined)
      return no(
        name,
        `${portText(port)}, which ${service} wants, is taken by ${nameOf(holder)}`,
        'choose another port',
      );
  }
  const all = wanted.map(({ service, port }) => `${portText(port)} to ${service}:${port.target}`);
  return yes(name, all.length === 0 ? 'none is published' : all.join(', '));
}

/** Names of containers that nobody else has. */
export function nameCheck({ services }: Outline, project: string, { containers }: Around): Check {
  const names = services.flatMap(({ name, containerName, count }) =>
    containerName !== undefined
      ? [containerName]
      : Array.from({ length: count }, (_, index) => `${project}-${name}-${index + 1}`),
  );
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined) return no('Names', `two containers shall be called ${twice}`, 'name them apart');
  const taken = containers.map(nameOf).find((one) => names.includes(one));
  if (taken !== undefined)
    return no(
      'Names',
      `there is a container ${taken} already, which is none of this stack`,
      'choose another name',
    );
  return yes('Names', names.join(', '));
}

/** What each service sees of what is outside of it. @param folder where relative paths begin */
export function mountCheck(outline: Outline, folder: string): Check {
  const all = outline.services.flatMap((service) =>
    service.mounts.map((mount) => mountText(service, mount, outline, folder)),
  );
  return yes('Mounts', all.length === 0 ? 'there are none' : all.join(', '));
}

function mountText(
  { name }: Service,
  mount: Service['mounts'][number],
  outline: Outline,
  folder: string,
): string {
  const { type, target, isReadOnly } = mount;
  const source = sourceOf(mount, outline, folder) ?? (type === 'volume' ? 'a new volume' : type);
  const from = type === 'volume' && mount.source !== undefined ? `volume ${source}` : source;
  return `${from} at ${name}:${target}${isReadOnly ? ' (read-only)' : ''}`;
}

/** Volumes and networks: which are made, which are there, and that those which others have to make are. */
export function keptCheck({ volumes, networks }: Outline, around: Around): readonly Check[] {
  return [
    kept('Volumes', volumes, new Set(around.volumes.map(({ Name }) => Name))),
    kept('Networks', networks, new Set(around.networks.map(({ Name }) => Name))),
  ];
}

function kept(what: string, all: Outline['volumes'], there: ReadonlySet<string>): Check {
  const missing = all.find(({ name, isExternal }) => isExternal && !there.has(name));
  if (missing !== undefined) {
    return no(
      what,
      `${missing.name} is said to be there already, and is not`,
      'make it first, or leave out “external”',
    );
  }
  const made = all.filter(({ name }) => !there.has(name)).map(({ name }) => name);
  const found = all.filter(({ name }) => there.has(name)).map(({ name }) => name);
  const told = [
    ...(made.length > 0 ? [`made: ${made.join(', ')}`] : []),
    ...(found.length > 0 ? [`there already: ${found.join(', ')}`] : []),
  ];
  return yes(what, told.join('; ') || 'none');
}

/** What a person should know first: what of its machine a stack gets power over, and whose volumes it shares. */
export function warningsOf(
  outline: Outline,
  folder: string,
  { containers, volumes }: Around,
): readonly string[] {
  const there = new Set(volumes.map(({ Name }) => Name));
  return [
    ...outline.services.flatMap((service) => {
      const sources = service.mounts.flatMap((mount) =>
        mount.type === 'bind' ? (powerOfMount(sourceOf(mount, outline, folder) ?? '') ?? []) : [],
      );
      return [...service.powers, ...sources].map((power) => `${service.name} ${power}`);
    }),
    ...outline.volumes.flatMap(({ name }) => {
      if (!there.has(name)) return [];
      const users = containers
        .filter(({ Mounts }) => Mounts?.some((mount) => mount.Name === name))
        .map(nameOf);
      return [
        `the volume ${name} is there already, with its data${users.length > 0 ? `; ${users.join(', ')} uses it, too` : ''}`,
      ];
    }),
  ];
}

export const yes = (name: string, message: string): Check => ({ name, ok: true, message });
export const no = (name: string, message: string, hint?: string): Check => ({
  ...{ name, ok: false, message },
  ...(hint !== undefined && { hint }),
});
