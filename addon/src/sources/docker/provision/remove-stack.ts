import type { RemoveStackInput } from '../../../contract/inputs/stacks.ts';
import type { Task } from '../../../contract/provision.ts';
import { asLabError, LabError } from '../../../core/errors.ts';
import { projectOf } from '../stacks/project.ts';
import { isOn } from '../stacks/scope.ts';
import type { ContainerInspect } from '../wire.ts';
import type { Bench } from './bench.ts';
import { no, yes } from './checks.ts';
import { sizeText } from './sizes.ts';
import { nameOf, type Step } from './stack-steps.ts';
import { isAnonymous, PROJECT, type VolumeRow } from './stock.ts';

interface Thing {
  readonly id: string;
  readonly name: string;
}

interface Decided {
  readonly name: string;
  readonly containers: readonly Thing[];
  readonly networks: readonly Thing[];
  /** Empty where they stay. */
  readonly volumes: readonly { readonly name: string; readonly createdAt: string }[];
  /** Its number in Portainer, where it is Portainer's. */
  readonly portainer: number | null;
}

/** Ends a stack for good: containers and networks, volumes only where that is said. */
export function removeStack(bench: Bench): Task<RemoveStackInput> {
  const { stock, outsiders, picture, updates, portainer } = bench;
  return {
    prepare: async ({ target, input: { volumes: withVolumes = false }, signal }) => {
      const name = stackName(target.id);
      updates.checkIdle(target.id);
      const members = await stock.members(name, signal);
      if (members.length === 0) throw new LabError('target_unknown', `${name} has no containers any more`);
      const networks = (await stock.networks(signal)).filter(({ Labels }) => Labels?.[PROJECT] === name);
      const all = await stock.containers(signal);
      const own = new Set(members.map(({ Id }) => Id));
      const mounted = new Set(
        members.flatMap(({ Mounts }) => (Mounts ?? []).flatMap((mount) => mount.Name ?? [])),
      );
      const usedElsewhere = new Set(
        all.flatMap(({ Id, Mounts }) =>
          own.has(Id) ? [] : (Mounts ?? []).flatMap((mount) => mount.Name ?? []),
        ),
      );
      const volumes = (await stock.volumes(signal)).filter(
        (volume) => volume.Labels?.[PROJECT] === name || (mounted.has(volume.Name) && isAnonymous(volume)),
      );
      const sizes: ReadonlyMap<string, number> =
        volumes.length === 0 ? new Map() : (await stock.usage(signal)).volumeSizes;
      const told = (some: readonly VolumeRow[]): string =>
        some.map(({ Name }) => `${Name} (${sizeText(sizes.get(Name))})`).join(', ');
      const going = withVolumes ? volumes.filter(({ Name }) => !usedElsewhere.has(Name)) : [];
      const staying = volumes.filter((volume) => !going.includes(volume));
      const vital = members.flatMap((one) => {
        const held = outsiders.heldOf(one as WholeAsRead);
        return held === undefined ? [] : [`${nameOf(one)} is in it, and ${held}`];
      });
      const stack = (await portainer?.list(signal))?.find((one) => one.Name === name);
      const decided: Decided = {
        name,
        containers: members.map((one) => ({ id: one.Id, name: nameOf(one) })),
        networks: networks.map(({ Id, Name }) => ({ id: Id, name: Name })),
        volumes: going.map(({ Name, CreatedAt = '' }) => ({ name: Name, createdAt: CreatedAt })),
        portainer: stack?.Id ?? null,
      };
      const [file] = projectOf(members as readonly WholeAsRead[])?.files ?? [];
      return {
        decided: { ...decided },
        checks: [
          vital.length === 0
            ? yes(
                'Stack',
                `${members.length} containers go: ${decided.containers.map((one) => one.name).join(', ')}`,
              )
            : no('Stack', vital.join('; '), 'remove it on its own machine'),
          yes('Networks', networks.map(({ Name }) => Name).join(', ') || 'none goes'),
          yes('Volumes that go', told(going) || 'none'),
          yes('Volumes that stay', told(staying) || 'none'),
        ],
        warnings: [
          ...(going.length === 0
            ? []
            : [`what is in ${going.map(({ Name }) => Name).join(', ')} cannot be had back`]),
          ...staying
            .filter(({ Name }) => withVolumes && usedElsewhere.has(Name))
            .map(({ Name }) => `${Name} stays: containers of other stacks have it, too`),
          ...(stack !== undefined || file === undefined
            ? []
            : [`its file stays on the engine’s machine: ${file}`]),
          ...(stack?.GitConfig != null || stack === undefined
            ? []
            : ['Portainer forgets its file and variables']),
        ],
        fingerprint: JSON.stringify(decided),
      };
    },
    steps: ({ decided }) => {
      const { name, containers, networks, volumes, portainer: number } = decided as unknown as Decided;
      return [
        ...(number === null ? [] : [portainerStep(bench, name, number)]),
        stopStep(bench, name, containers),
        ...removing(`Remove the containers of ${name}`, containers, '/containers/', {
          remove: (id, signal) => bench.hands.remove(id, true, signal),
          isThere: async (id, signal) => (await bench.hands.inspect(id, signal)) !== undefined,
        }),
        ...removing(`Remove the networks of ${name}`, networks, '/networks/', {
          remove: (id, signal) => stock.removeNetwork(id, signal),
          isThere: async (id, signal) => (await stock.networks(signal)).some(({ Id }) => Id === id),
          canStay: true,
        }),
        ...removing(
          `Remove the volumes of ${name}`,
          volumes.map((volume) => ({ id: volume.name, name: volume.name })),
          '/volumes/',
          {
            remove: (id, signal) => stock.removeVolume(id, signal),
            isThere: async (id, signal) => isSame(volumes, id, await stock.volumes(signal)),
          },
        ),
      ];
    },
  };

  /** In the order in which they need each other. */
  function stopStep({ control }: Bench, name: string, containers: readonly Thing[]): Step {
    return {
      name: `Stop ${name}`,
      calls: containers.map((one) => `POST /containers/${one.name}/stop`),
      run: async ({ target, signal }) => {
        const running = new Set<string>();
        for (const { id } of containers) {
          const now = await bench.hands.inspect(id, signal);
          if (now !== undefined && isOn(now as ContainerInspect)) running.add(id);
        }
        const members = picture.membersOf(target.id).filter(({ containerId }) => running.has(containerId));
        await control.stop(members, signal);
      },
      // What does not run is not stopped again.
      happened: async () => false,
    };
  }
}

type WholeAsRead = ContainerInspect;

export const stackName = (id: string): string => id.split('/').slice(3).join('/');

function portainerStep({ portainer }: Bench, name: string, number: number): Step {
  return {
    name: `Have Portainer remove ${name}`,
    calls: [`DELETE /api/stacks/${number}`],
    run: async ({ signal }) => {
      if ((await portainer?.read(number, signal))?.Name === name) await portainer?.remove(number, signal);
    },
    happened: async ({ signal }) => (await portainer?.read(number, signal))?.Name !== name,
  };
}

interface Removal {
  remove(id: string, signal: AbortSignal): Promise<void>;
  isThere(id: string, signal: AbortSignal): Promise<boolean>;
  /** What somebody else still uses is left, and that is said. */
  readonly canStay?: true;
}

/** One step for some things of a kind, none where there are none. */
export function removing(name: string, things: readonly Thing[], path: string, by: Removal): readonly Step[] {
  if (things.length === 0) return [];
  const there = async (signal: AbortSignal): Promise<readonly Thing[]> => {
    const found: Thing[] = [];
    for (const thing of things) if (await by.isThere(thing.id, signal)) found.push(thing);
    return found;
  };
  return [
    {
      name,
      calls: things.map((thing) => `DELETE ${path}${thing.name}`),
      run: async ({ signal, note }) => {
        for (const [index, thing] of (await there(signal)).entries()) {
          try {
            await by.remove(thing.id, signal);
          } catch (thrown) {
            if (!by.canStay || asLabError(thrown).code !== 'source_refused') throw thrown;
            note({ log: `${thing.name} stays: ${asLabError(thrown).message}` });
          }
          note({ progress: (index + 1) / things.length });
        }
      },
      happened: async ({ signal }) => (await there(signal)).length === 0,
    },
  ];
}

/** One that was made anew under the same name is another. */
const isSame = (volumes: Decided['volumes'], name: string, now: readonly VolumeRow[]): boolean => {
  const before = volumes.find((one) => one.name === name);
  return now.some(({ Name, CreatedAt = '' }) => Name === name && CreatedAt === before?.createdAt);
};
