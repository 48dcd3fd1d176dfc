import { isDeepStrictEqual } from 'node:util';
import { type Finding, type FindingsView, type OwnedFinding, SEVERITIES } from '../contract/finding.ts';

type Listener = (findings: readonly OwnedFinding[]) => void;

/** What all owners found, united. Each hands in its whole set; an equal one changes nothing and tells nobody. */
export class Findings implements FindingsView {
  readonly #byOwner = new Map<string, readonly OwnedFinding[]>();
  readonly #listeners = new Set<Listener>();
  #all: readonly OwnedFinding[] = [];

  /** Everything that `owner` finds now; of two with one key the first counts. Nothing at all: it is forgotten. */
  report(owner: string, findings: readonly Finding[]): void {
    const before = this.#byOwner.get(owner) ?? [];
    const known = new Map(before.map((one) => [one.key, one]));
    const next = unique(findings).map((finding) => {
      const one = { ...finding, owner };
      const same = known.get(finding.key);
      return same !== undefined && isDeepStrictEqual(same, one) ? same : one;
    });
    if (next.length === before.length && next.every((one) => known.get(one.key) === one)) return;
    if (next.length === 0) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, next);
    this.#all = [...this.#byOwner.values()].flat().sort(inOrder);
    for (const listener of this.#listeners) listener(this.#all);
  }

  all(): readonly OwnedFinding[] {
    return this.#all;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * What two sets tell apart: those that are there for the first time, or graver than they were. What only found other
 * words is nothing new.
 */
export function newFindings(
  before: readonly OwnedFinding[],
  after: readonly OwnedFinding[],
): readonly OwnedFinding[] {
  const id = ({ owner, key }: OwnedFinding): string => `${owner} ${key}`;
  const known = new Map(before.map((one) => [id(one), one]));
  return after.filter((one) => {
    const was = known.get(id(one));
    return was === undefined || gravity(one) < gravity(was);
  });
}

const gravity = ({ severity }: Finding): number => SEVERITIES.indexOf(severity);

function unique(findings: readonly Finding[]): readonly Finding[] {
  const keys = new Set<string>();
  return findings.filter(({ key }) => !keys.has(key) && keys.add(key));
}

function inOrder(one: OwnedFinding, other: OwnedFinding): number {
  return gravity(one) - gravity(other) || compare(one.owner, other.owner) || compare(one.key, other.key);
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
