import { tells } from './health.ts';
import { judge } from './judge.ts';
import type { Bare, Edge, Finding, LabView, Reading, Thing, Value } from './thing.ts';
import { grow } from './tree.ts';
import { unitOf } from './units.ts';

/** A resource as `/api/lab` tells it. */
export interface ApiResource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly available: boolean;
  readonly parent?: string;
  readonly readings: Readonly<Record<string, Value | readonly ApiItem[]>>;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly links?: readonly { readonly type: string; readonly to: unknown; readonly at?: string }[];
}

interface ApiItem {
  readonly key: string;
  readonly title: string;
  readonly [reading: string]: Value;
}

/** Readings that are called otherwise as an entity, by kind. */
const CALLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  guest: { on: 'power' },
  container: { on: 'power', image_version: 'image_update' },
  stack: { image_version: 'image_update' },
  server: { power: 'watts' },
};

/** What the app shows as available was heard: where nothing else could tell, that is well. */
function judged(bare: Bare): Thing {
  const thing = judge(bare);
  return thing.health === 'unknown' && !tells(bare.readings) ? { ...thing, health: 'ok' } : thing;
}

/** What a reading is called, for people. @param list that its item is in */
export type NameOf = (kind: string, reading: string, list?: string) => string | undefined;

/** Turns what `/api/lab` answers into a view. Things that are the same as in `before` are the same objects. */
export class ApiLab {
  #view: LabView;
  #known = new Map<string, { readonly text: string; readonly thing: Thing }>();

  readonly #nameOf: NameOf;

  /** @param nameOf what the app calls readings; left out: only their keys tell */
  constructor(empty: LabView, nameOf: NameOf = () => undefined) {
    this.#view = empty;
    this.#nameOf = nameOf;
  }

  get view(): LabView {
    return this.#view;
  }

  /** @returns the same view as long as nothing changed */
  take(answer: {
    readonly resources: readonly ApiResource[];
    readonly findings?: readonly Finding[];
  }): LabView {
    const known = new Map<string, { readonly text: string; readonly thing: Thing }>();
    for (const resource of answer.resources) {
      const text = JSON.stringify(resource);
      const old = this.#known.get(resource.id);
      known.set(
        resource.id,
        old?.text === text ? old : { text, thing: judged(bareOf(resource, this.#nameOf)) },
      );
    }
    this.#known = known;
    const things = new Map([...known].map(([id, { thing }]) => [id, thing]));
    this.#view = grow(things, this.#view, { findings: answer.findings ?? [], full: true });
    return this.#view;
  }
}

function bareOf(
  { id, kind, name, available, parent, readings, facts = {}, links = [] }: ApiResource,
  nameOf: NameOf,
): Bare {
  const flat: Record<string, Reading> = {};
  const put = (key: string, value: Value, called: string | undefined, item?: ApiItem): void => {
    const name = item === undefined ? called : [item.title, called].filter(Boolean).join(' ');
    flat[key] = { key, value, unit: unitOf(kind, key), ...(name !== undefined && { name }) };
  };
  for (const [reading, value] of Object.entries(readings)) {
    if (!Array.isArray(value)) {
      put(CALLED[kind]?.[reading] ?? reading, value as Value, nameOf(kind, reading));
      continue;
    }
    for (const item of value as readonly ApiItem[]) {
      for (const [own, one] of Object.entries(item)) {
        if (own !== 'key' && own !== 'title')
          put(`${item.key}_${own}`, one, nameOf(kind, own, reading), item);
      }
    }
  }
  const text = (key: string): string | undefined => {
    const fact = facts[key];
    return typeof fact === 'string' ? fact : undefined;
  };
  const edges = links.flatMap(({ type, to, at }): Edge[] =>
    typeof to === 'string' ? [{ type, to, ...(at !== undefined && { at }) }] : [],
  );
  return {
    ...{ id, resource: id, kind, name, parent, available, readings: flat, links: edges },
    ...{ model: text('model'), version: text('version'), url: safeUrl(text('url')) },
  };
}

/** Only what a browser opens without running it. */
export const safeUrl = (url: string | undefined | null): string | undefined =>
  typeof url === 'string' && /^https?:\/\//i.test(url) ? url : undefined;
