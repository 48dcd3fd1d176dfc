import { type Alert, type News, occurrenceOf, rankOf } from './alert.ts';

/** Ends that are remembered, so that a late webhook about one of them is no news. */
const MOST_ENDED = 200;

interface Known {
  readonly alert: Alert;
  /** When it was learned of, as a place in the order of all that was learned. */
  readonly at: number;
}

/**
 * Which alerts are active, told in two ways: by lists, which are whole but late, and by webhooks, which are early but may
 * be lost, come twice or come late. Each start and end is news once, whichever way tells it first.
 */
export class AlertBook {
  /** By their ids; undefined: no list was ever seen, so nothing is known to be new. */
  #active: Map<string, Known> | undefined;
  /** Occurrences that ended, the oldest first, with when that was learned. */
  readonly #ended = new Map<string, number>();
  #count = 0;

  /** To be asked for before a list is: what is learned later, that list cannot know. */
  mark(): number {
    return this.#count;
  }

  /** What a list tells that was not known. @param mark from before it was asked for */
  list(alerts: readonly Alert[], mark: number): readonly News[] {
    const isFirst = this.#active === undefined;
    const active = new Map(this.#active);
    this.#active = active;
    const news: News[] = [];
    for (const alert of alerts) {
      const before = active.get(alert.id);
      if (before !== undefined && before.at > mark) continue;
      if (before?.alert.since === alert.since) {
        if (before.alert.level !== alert.level) news.push({ type: 'changed', alert });
        active.set(alert.id, { alert, at: before.at });
        continue;
      }
      if ((this.#ended.get(occurrenceOf(alert)) ?? -1) > mark) continue;
      if (before !== undefined) news.push(this.#end(before.alert));
      news.push(this.#start(alert));
    }
    const listed = new Set(alerts.map(({ id }) => id));
    for (const { alert, at } of [...active.values()])
      if (at <= mark && !listed.has(alert.id)) news.push(this.#end(alert));
    return isFirst ? [] : news;
  }

  /** What a webhook tells that was not known. */
  deliver(alerts: readonly Alert[], areOver: boolean): readonly News[] {
    const active = this.#active;
    if (active === undefined) return [];
    return alerts.flatMap((alert): readonly News[] => {
      const before = active.get(alert.id);
      // It came again, or too late: that time of the alert is over.
      if (this.#ended.has(occurrenceOf(alert)) || isLater(before?.alert, alert)) return [];
      const isSame = before?.alert.since === alert.since;
      const past = before === undefined || isSame ? [] : [this.#end(before.alert)];
      if (areOver) return [...past, this.#end(alert)];
      if (!isSame) return [...past, this.#start(alert)];
      // Only that it got worse is told at once; an older one that comes late says that it was better.
      if (rankOf(alert.level) <= rankOf(before?.alert.level ?? '')) return [];
      this.#count += 1;
      active.set(alert.id, { alert, at: this.#count });
      return [{ type: 'changed', alert }];
    });
  }

  /** To be kept for the next run. */
  written(): string {
    const active = [...(this.#active ?? [])].map(([, { alert }]) => alert);
    return JSON.stringify({ active, ended: [...this.#ended.keys()] });
  }

  /** Takes what an earlier run wrote; what makes no sense is as if there were nothing. */
  readBack(text: string | undefined): void {
    try {
      const { active, ended } = JSON.parse(text ?? '') as { active: Alert[]; ended: string[] };
      this.#active = new Map(active.map((alert) => [alert.id, { alert, at: 0 }]));
      for (const occurrence of ended) this.#ended.set(occurrence, 0);
    } catch {
      this.#active = undefined;
    }
  }

  #start(alert: Alert): News {
    this.#count += 1;
    this.#active?.set(alert.id, { alert, at: this.#count });
    this.#ended.delete(occurrenceOf(alert));
    return { type: 'started', alert };
  }

  #end(alert: Alert): News {
    this.#count += 1;
    this.#active?.delete(alert.id);
    this.#ended.set(occurrenceOf(alert), this.#count);
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= MOST_ENDED) break;
      this.#ended.delete(oldest);
    }
    return { type: 'ended', alert };
  }
}

const isLater = (one: Alert | undefined, other: Alert): boolean =>
  one !== undefined && Date.parse(one.since) > Date.parse(other.since);
