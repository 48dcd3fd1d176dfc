import type { SourceContext, SourceEvent } from '../../contract/source.ts';
import { EnergyMeter } from '../../core/energy.ts';
import { BusyMeter } from './busy.ts';
import type { Card, GpuReadings, GpuResource } from './card.ts';
import { cardId, gpuOf, type Whose } from './map.ts';
import { newXids } from './xids.ts';

interface Known {
  readonly card: Card;
  readonly energy: EnergyMeter;
  readonly busy: BusyMeter;
  readonly added: Partial<GpuReadings>;
  readonly available: boolean;
}

/** What is known of the cards of one machine at this moment, and the resources which that makes. */
export class Picture {
  readonly #context: SourceContext;
  readonly #stated: Partial<GpuReadings>;
  readonly #guest: string | undefined;
  readonly #cards = new Map<string, Known>();
  #owner: string;
  #bound: string | undefined;
  #via = '';
  #owners: ReadonlyMap<number, Whose> = new Map();

  /**
   * @param stated what a person stated about each card
   * @param guest where a person says that they are
   */
  constructor(context: SourceContext, stated: Partial<GpuReadings>, guest: string | undefined) {
    this.#context = context;
    this.#guest = guest;
    this.#stated = stated;
    this.#owner = context.owner;
  }

  /**
   * Takes all cards as they are now.
   *
   * @param via where that comes from, for people
   * @returns what happened to them, by resource id
   * @throws LabError `system_taken`
   */
  saw(cards: readonly Card[], via: string): readonly (readonly [string, SourceEvent])[] {
    this.#via = via;
    this.#bind(cards);
    const there = new Set(cards.map(({ uuid }) => uuid));
    // A card that fell off its bus is not taken out of the machine.
    for (const [uuid, known] of this.#cards)
      if (!there.has(uuid)) this.#cards.set(uuid, { ...known, available: false });
    return cards.flatMap((card) => this.#take(card));
  }

  /** Takes which container each process of their machine is of. */
  saysWhose(owners: ReadonlyMap<number, Whose>): void {
    this.#owners = owners;
  }

  /** Of all processes on the cards. */
  get pids(): readonly number[] {
    return [...this.#cards.values()].flatMap(({ card }) => card.processes?.map(({ pid }) => pid) ?? []);
  }

  resources(): readonly GpuResource[] {
    return [...this.#cards.values()].map(({ card, added, available }) =>
      gpuOf(card, {
        ...{ owner: this.#owner, via: this.#via, available, owners: this.#owners, guest: this.#guest },
        added: { ...added, ...this.#stated },
      }),
    );
  }

  /** What has a card in it is known by its first one: nothing else of it is told. */
  #bind(cards: readonly Card[]): void {
    const first = cards
      .map(({ uuid }) => uuid)
      .filter((uuid) => /[^0-]/.test(uuid))
      .sort()[0];
    if (first === undefined || first === this.#bound) return;
    this.#owner = this.#context.identities.bind(`card ${first}`);
    this.#bound = first;
  }

  #take(card: Card): readonly (readonly [string, SourceEvent])[] {
    const { memory, clock } = this.#context;
    const { uuid } = card;
    const before = this.#cards.get(uuid);
    const energy = before?.energy ?? new EnergyMeter(memory, clock, `energy ${uuid}`);
    const busy = before?.busy ?? new BusyMeter(memory, clock, uuid);
    const { utilization } = card.readings;
    const { hours, since } = busy.add(utilization ?? null);
    const { news, last } = newXids(card, memory);
    const kwh = energyOf(card, energy, before);
    // What it told before and does not now is unknown: a card in trouble must not lose its entities.
    const lost = Object.keys(before?.card.readings ?? {}).filter((key) => !(key in card.readings));
    const readings = { ...card.readings, ...Object.fromEntries(lost.map((key) => [key, null])) };
    const added = {
      ...(kwh !== undefined && { energy: kwh }),
      ...('utilization' in readings && { busy_hours: hours, counted_since: since }),
      ...(last !== undefined && { last_xid: last }),
    };
    const kept = before === undefined ? card : { ...before.card, ...card };
    this.#cards.set(uuid, { card: { ...kept, readings }, energy, busy, added, available: true });
    const id = cardId(this.#owner, uuid);
    return news.map((code) => [id, { event_type: 'xid', code }] as const);
  }
}

/** undefined: the card tells neither what it took nor what it takes. */
function energyOf({ counted, readings }: Card, meter: EnergyMeter, before: Known | undefined) {
  if (counted !== undefined) return meter.counted(counted);
  // It counted before: that sum would go on from a number that means something else.
  if (before?.card.counted !== undefined) return before.added.energy;
  if (!('power' in readings) && before?.added.energy === undefined) return undefined;
  return meter.add(readings.power ?? null);
}
