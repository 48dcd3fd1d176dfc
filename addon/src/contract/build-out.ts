import Type, { type Static } from 'typebox';
import type { LinkType } from '../model/resource.ts';
import type { Risk } from './action.ts';

/** How an edge that a check follows may be called. */
export const LINK_TYPES = [
  'runs_on',
  'uses_gpu',
  'uses_storage',
  'attached_to',
  'member_of',
  'carries',
] as const satisfies readonly LinkType[];

/** Of what a file holds at most: it is looked through at every change of the lab. */
const MOST = 50;

const title = Type.String({ minLength: 1, maxLength: 80 });
const id = Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', examples: ['docker_host'] });
const exact = { additionalProperties: false } as const;

/** One reading or fact against what it shall be. What does not fit the reading is told by `config/`. */
const comparisons = (description: string) =>
  Type.Record(Type.String(), Type.Unknown(), { description, minProperties: 1, maxProperties: MOST });

/** What has to be so of one thing, all of it. */
const conditions = {
  source: Type.Optional(Type.String({ description: 'whose word counts' })),
  name: Type.Optional(
    Type.Unknown({ description: 'its name, or a list of which one fits; `*` for anything' }),
  ),
  readings: Type.Optional(comparisons('its readings, by name')),
  facts: Type.Optional(comparisons('its facts, by name')),
  sound: Type.Optional(Type.Literal(true, { description: 'nothing grave is found about it' })),
  in: Type.Optional(Type.Ref('Thing')),
  links: Type.Optional(
    Type.Object(Object.fromEntries(LINK_TYPES.map((type) => [type, Type.Optional(Type.Ref('Thing'))])), {
      ...exact,
      minProperties: 1,
    }),
  ),
};

const kind = Type.String({ description: 'what sort of thing' });
const definitions = {
  Thing: Type.Object({ kind, ...conditions }, exact),
  Check: Type.Object(
    {
      kind: Type.Optional(kind),
      ...conditions,
      least: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
      every: Type.Optional(Type.Object(conditions, exact)),
      all: Type.Optional(Type.Array(Type.Ref('Check'), { minItems: 1, maxItems: MOST })),
      any: Type.Optional(Type.Array(Type.Ref('Check'), { minItems: 1, maxItems: MOST })),
    },
    exact,
  ),
};

/** One item of such a file. */
export const buildOutItemSchema = Type.Object(
  {
    id,
    title,
    check: Type.Cyclic(definitions, 'Check'),
    todo: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    action: Type.Optional(
      Type.Object(
        {
          id: Type.String(),
          input: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
          on: Type.Optional(
            Type.String({ description: 'kind of what it is made on, where it makes something' }),
          ),
        },
        exact,
      ),
    ),
  },
  exact,
);

/** A file that says what the lab is to become. What it means is in DOCS.md, section “The build-out”. */
export const buildOutSchema = Type.Object(
  {
    phases: Type.Array(
      Type.Object(
        { id, title, items: Type.Array(buildOutItemSchema, { minItems: 1, maxItems: MOST }) },
        exact,
      ),
      { maxItems: MOST },
    ),
  },
  exact,
);

/** What a reading or fact has to be. Of a text `*` stands for anything; of several texts one has to fit. */
export type Comparison =
  | boolean
  | number
  | string
  | readonly string[]
  | {
      readonly known?: true;
      /** Of a number; of a list how many it has. */
      readonly least?: number;
      readonly most?: number;
      readonly not?: boolean | number | string | readonly string[];
      /** Of a list of items: one of them is so. */
      readonly some?: Readonly<Record<string, Comparison>>;
    };

/** What has to be so of one thing, all of it. */
export interface Conditions {
  readonly source?: string;
  readonly name?: string | readonly string[];
  readonly readings?: Readonly<Record<string, Comparison>>;
  readonly facts?: Readonly<Record<string, Comparison>>;
  /** No finding calls it a problem, and it does not call itself one. */
  readonly sound?: true;
  /** It lies in such a thing, however many steps above. */
  readonly in?: Thing;
  /** Edges that lead to such a thing, by type. */
  readonly links?: Readonly<Partial<Record<LinkType, Thing>>>;
}

export interface Thing extends Conditions {
  readonly kind: string;
}

/** There are so many such things, and every one of them is as `every` says. */
export interface Search extends Thing {
  /** Left out: 1. */
  readonly least?: number;
  readonly every?: Conditions;
}

export type Check = Search | { readonly all: readonly Check[] } | { readonly any: readonly Check[] };

type File = Static<typeof buildOutSchema>;
type Phase = File['phases'][number];
export type BuildOutItem = Readonly<Omit<Phase['items'][number], 'check'>> & { readonly check: Check };
export interface BuildOut {
  readonly phases: readonly (Readonly<Omit<Phase, 'items'>> & { readonly items: readonly BuildOutItem[] })[];
}

/** What of one system is to be seen at present. */
export interface Sight {
  /** `<source>/<instance>`, as its resources begin. */
  readonly owner: string;
  readonly title: string;
  /** Kinds of which its source tells. */
  readonly kinds: readonly string[];
  readonly reachable: boolean;
  /** What of it was not read yet. */
  readonly unread: readonly string[];
  /** What of it could not be read the last time. */
  readonly failing: readonly string[];
}

/** `done`: the lab says so. `open`: the lab says that it is not so. `unknown`: that cannot be seen. */
export type ItemState = 'done' | 'open' | 'unknown';

export interface ItemView {
  readonly id: string;
  readonly title: string;
  readonly state: ItemState;
  /** What shows it, or why nothing does, in words with names from the lab: hostile input. */
  readonly because: readonly string[];
  /** A system that is configured does not answer, or was not read whole: it may be done all the same. */
  readonly in_doubt: boolean;
  readonly todo?: string;
  /** What does it; null: nothing does, it is done by hand. */
  readonly action: {
    readonly id: string;
    readonly title: string;
    readonly risk: Risk;
    readonly input: Readonly<Record<string, unknown>>;
    /** Id of what it would be done to; null: a person has to say. */
    readonly target: string | null;
  } | null;
}

/** How much of something is done. */
export interface Progress {
  /** Whole percent, rounded down; null while a system that does not answer leaves it open. */
  readonly percent: number | null;
  readonly done: number;
  readonly open: number;
  readonly unknown: number;
  readonly total: number;
}

export interface BuildOutView extends Progress {
  /** The first item that is to be done; null: nothing is, or that is not to be seen. */
  readonly next: { readonly phase: string; readonly id: string; readonly title: string } | null;
  readonly phases: readonly (Progress & {
    readonly id: string;
    readonly title: string;
    readonly items: readonly ItemView[];
  })[];
}
