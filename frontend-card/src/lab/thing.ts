/** What a reading can be; `null` is unknown. */
export type Value = string | number | boolean | null;

/** One thing that is known of a thing of the lab. */
export interface Reading {
  /** As the rows of its kind call it (`cpu`, `state`); of an item with the item's key before it (`port_2_link`). */
  readonly key: string;
  readonly value: Value;
  readonly unit?: string | undefined;
  /** What it is called, for people; left out: the words of its key. */
  readonly name?: string | undefined;
  /** The entity of Home Assistant that shows it. */
  readonly entity?: string | undefined;
  /** Everything that it can be, where it is one of several. */
  readonly options?: readonly string[] | undefined;
  /** Of what sort it is: `temperature`, `timestamp` … as Home Assistant calls them. */
  readonly sort?: string | undefined;
}

/**
 * How a thing is, the worst first. `away` is what nothing is known of at present, `off` what somebody ended or nobody
 * started, `unknown` what nothing tells the health of.
 */
export const HEALTHS = ['problem', 'warning', 'away', 'unknown', 'off', 'ok'] as const;
export type Health = (typeof HEALTHS)[number];

/** Why a thing is not well: the words of `key`, about the reading `of`. */
export interface Reason {
  readonly key: string;
  readonly of?: Reading | undefined;
}

/** How two things hang together otherwise than by containment. */
export interface Edge {
  readonly type: string;
  /** Id of the other thing. */
  readonly to: string;
  /** Where on the thing that has it: the key of an item, as in `port_5`. */
  readonly at?: string | undefined;
}

/** One thing of the lab, as a view shows it. Never changed in place. */
export interface Thing {
  /** Known by it within a view, and nowhere else. */
  readonly id: string;
  /** What the app calls it, where that is known: actions want it. */
  readonly resource?: string | undefined;
  /** Which Labkeeper it is of, where there may be several: as Home Assistant knows that. */
  readonly app?: string | undefined;
  /** The device of Home Assistant. */
  readonly device?: string | undefined;
  readonly kind: string;
  /** As people in the lab call it: hostile input, so text and never HTML. */
  readonly name: string;
  readonly parent?: string | undefined;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  /** Where a person manages it; http or https. */
  readonly url?: string | undefined;
  readonly health: Health;
  readonly because: readonly Reason[];
  /** By key. */
  readonly readings: Readonly<Record<string, Reading>>;
  readonly links: readonly Edge[];
}

/** A thing before somebody judged how it is. */
export type Bare = Omit<Thing, 'health' | 'because'> & {
  /** False while what is known of it may be out of date. */
  readonly available: boolean;
};

/** Something that a person should look at and that no reading tells, as the app says it. Names in it are hostile input. */
export interface Finding {
  readonly key: string;
  readonly severity: 'info' | 'warning' | 'problem';
  /** Id of a resource, or of a whole system. */
  readonly about: string;
  readonly title: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** Lines to type, in their order. */
  readonly commands?: readonly string[];
}

/** A thing with what it contains. The same object as long as nothing in it changed. */
export interface Branch {
  readonly thing: Thing;
  /** The worst first, then by kind and name. */
  readonly children: readonly Branch[];
  /** The worst of the thing and all that it contains. */
  readonly worst: Health;
  /** How many things it contains, at any depth. */
  readonly size: number;
}

/** The lab as views show it. The same object as long as nothing in it changed. */
export interface LabView {
  readonly things: ReadonlyMap<string, Thing>;
  readonly roots: readonly Branch[];
  readonly branches: ReadonlyMap<string, Branch>;
  readonly findings: readonly Finding[];
  /** Whether edges, findings, plans and jobs can be asked for. */
  readonly full: boolean;
}

export const EMPTY: LabView = {
  things: new Map(),
  roots: [],
  branches: new Map(),
  findings: [],
  full: false,
};

/** What a view may be asked to do; parts emit them as events `labkeeper-intent`. */
export type Intent =
  | { readonly type: 'details'; readonly thing: string }
  | { readonly type: 'entity'; readonly entity: string }
  | { readonly type: 'run'; readonly action: string; readonly thing: string; readonly input?: object }
  | { readonly type: 'close' };

export const num = (thing: Thing, key: string): number | undefined => {
  const value = thing.readings[key]?.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

export const str = (thing: Thing, key: string): string | undefined => {
  const value = thing.readings[key]?.value;
  return typeof value === 'string' ? value : undefined;
};

export const is = (thing: Thing, key: string): boolean => thing.readings[key]?.value === true;
