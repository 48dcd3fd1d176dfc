import type { LabResource } from '../../kinds/index.ts';
import type { Refused } from './access.ts';
import { type About, hostOf } from './host.ts';
import { isPassing } from './identity.ts';
import { type ContainerResource, containerOf, hostId, type Place } from './map.ts';
import { stackOf } from './stack.ts';
import { type Member, memberOf } from './stack-order.ts';
import { type Sample, sampleOf, type Usage, usageOf } from './usage.ts';
import type { ContainerInspect, ContainerStats } from './wire.ts';

interface Tracked {
  readonly inspect: ContainerInspect;
  readonly sample: Sample | undefined;
  readonly usage: Usage | undefined;
  readonly resource: ContainerResource;
}

/** What is known of one engine at this moment, and the resources which that makes. No I/O. */
export class Picture {
  #place: Place;
  readonly #tracked = new Map<string, Tracked>();
  /** Removed containers that may come back under the same name, by resource id, with the time to forget them. */
  readonly #departed = new Map<string, { readonly resource: ContainerResource; readonly until: number }>();
  #about: About = {};

  constructor(place: Place) {
    this.#place = place;
  }

  /** Ids of the containers that are followed. */
  get ids(): readonly string[] {
    return [...this.#tracked.keys()];
  }

  /** Ids of the containers whose counters move. */
  get runningIds(): readonly string[] {
    return [...this.#tracked].flatMap(([id, { resource }]) => (resource.readings.on ? [id] : []));
  }

  /** The id that the engine has for a resource at present. */
  containerId(resourceId: string): string | undefined {
    return this.#winners().get(resourceId)?.inspect.Id;
  }

  /** The containers that a stack has at present; empty for what is no stack. */
  membersOf(stackId: string): readonly Member[] {
    return stackId === hostId(this.#place) ? [] : membersIn(this.#winners().values(), stackId);
  }

  /** The resource that a container of the engine is; undefined: it is not followed. */
  resourceId(containerId: string): string | undefined {
    return this.#tracked.get(containerId)?.resource.id;
  }

  /** What the engine says of each container that is shown, by resource id. */
  get inspects(): ReadonlyMap<string, ContainerInspect> {
    return new Map([...this.#winners()].map(([id, { inspect }]) => [id, inspect]));
  }

  readingsOf(containerId: string): ContainerResource['readings'] | undefined {
    return this.#tracked.get(containerId)?.resource.readings;
  }

  /** Takes what is known anew of the engine itself. */
  learn(about: About): void {
    this.#about = { ...this.#about, ...about };
  }

  /** Under whom its resources are known; before any container is taken. */
  setOwner(owner: string): void {
    this.#place = { ...this.#place, owner };
  }

  /**
   * Takes a container's state as it is now.
   *
   * @returns what it takes the place of: another container of the same identity, which is there or was until lately
   */
  saw(inspect: ContainerInspect): ContainerResource | undefined {
    if (isPassing(inspect)) return undefined;
    const known = this.#tracked.get(inspect.Id);
    const running = inspect.State.Status === 'running';
    // What a stopped container used last is not what it uses.
    const { id } = this.#track(
      inspect,
      running ? known?.sample : undefined,
      running ? known?.usage : undefined,
    );
    if (known !== undefined) return undefined;
    const others = [...this.#tracked.values()].filter((other) => other.inspect.Id !== inspect.Id);
    const rival = others.find(({ resource }) => resource.id === id);
    return rival?.resource ?? this.#departed.get(id)?.resource;
  }

  /**
   * Takes the word of a `die` event, where that leaves no doubt that the container stays ended: the engine answers
   * nothing about it for some 50 ms while it tidies up.
   *
   * @param wanted somebody ended it, so its restart policy does not count
   * @returns whether anything was taken
   */
  ended(id: string, exitCode: number, wanted: boolean): boolean {
    const known = this.#tracked.get(id);
    if (known === undefined || !(wanted || staysEnded(known.inspect, exitCode))) return false;
    const State = { ...known.inspect.State, Status: 'exited', ExitCode: exitCode };
    this.#track({ ...known.inspect, State }, undefined, undefined);
    return true;
  }

  /** Takes what cannot be done or read here. */
  setRefused(refused: Refused): void {
    this.#place = { ...this.#place, refused };
    for (const { inspect, sample, usage } of [...this.#tracked.values()]) this.#track(inspect, sample, usage);
  }

  /** Takes a container's counters. */
  measured(id: string, stats: ContainerStats): void {
    const known = this.#tracked.get(id);
    if (known === undefined) return;
    const sample = sampleOf(stats);
    this.#track(known.inspect, sample, sample && usageOf(known.sample, sample));
  }

  /** A container that the engine has no more; for `keepMs` it may come back under the same identity. */
  gone(id: string, now: number, keepMs: number): void {
    const known = this.#tracked.get(id);
    if (known === undefined) return;
    this.#tracked.delete(id);
    const { resource } = known;
    this.#departed.set(resource.id, { resource: { ...resource, available: false }, until: now + keepMs });
  }

  /** Milliseconds until the next removed container is to be forgotten; undefined when there is none. */
  nextForgetting(now: number): number | undefined {
    if (this.#departed.size === 0) return undefined;
    return Math.max(0, Math.min(...[...this.#departed.values()].map(({ until }) => until)) - now);
  }

  /** Everything that the engine has. What did not change is the same object as before. */
  resources(now: number): readonly LabResource[] {
    const winners = this.#winners();
    const present = [...winners.values()].map(({ resource }) => resource);
    const ids = new Set(present.map(({ id }) => id));
    for (const [id, { until }] of this.#departed) if (until <= now || ids.has(id)) this.#departed.delete(id);
    const departed = [...this.#departed.values()].map(({ resource }) => resource);
    const stacks = Map.groupBy([...present, ...departed], ({ parent }) => parent ?? '');
    const prefix = `${this.#place.owner}/stack/`;
    return [
      hostOf(this.#about, present, this.#place),
      ...[...stacks].flatMap(([parent, members]) =>
        parent.startsWith(prefix)
          ? [
              stackOf(
                parent.slice(prefix.length),
                members.filter(({ id }) => ids.has(id)),
                membersIn(winners.values(), parent),
                this.#place,
                this.#about.stackPages?.get(parent.slice(prefix.length)),
              ),
            ]
          : [],
      ),
      ...present,
      ...departed,
    ];
  }

  #track(inspect: ContainerInspect, sample: Sample | undefined, usage: Usage | undefined): ContainerResource {
    const resource = containerOf(inspect, usage, this.#place);
    this.#tracked.set(inspect.Id, { inspect, sample, usage, resource });
    return resource;
  }

  /**
   * One container for each identity. While one is recreated there can be two: the one that runs counts, then the
   * newer one.
   */
  #winners(): ReadonlyMap<string, Tracked> {
    const winners = new Map<string, Tracked>();
    for (const tracked of this.#tracked.values()) {
      const rival = winners.get(tracked.resource.id);
      if (rival === undefined || outranks(tracked, rival)) winners.set(tracked.resource.id, tracked);
    }
    return winners;
  }
}

function membersIn(all: Iterable<Tracked>, stackId: string): readonly Member[] {
  return [...all].flatMap(({ inspect, resource: { name, parent, readings } }) =>
    parent === stackId ? [memberOf(inspect, name, readings.on)] : [],
  );
}

/** Whether a restart policy leaves a container alone that ended by itself. */
function staysEnded({ HostConfig }: ContainerInspect, exitCode: number): boolean {
  const policy = HostConfig.RestartPolicy?.Name ?? '';
  return policy === '' || policy === 'no' || (policy === 'on-failure' && exitCode === 0);
}

function outranks(one: Tracked, other: Tracked): boolean {
  if (one.resource.readings.on !== other.resource.readings.on) return one.resource.readings.on;
  return one.inspect.Created > other.inspect.Created;
}
