/** What the app's interface answers, as far as the page shows it. Texts are from the lab: never HTML. */
export interface Me {
  readonly user: string;
  readonly door: string;
  readonly administrator: boolean | null;
  readonly may: Ceiling;
  readonly owner: boolean;
}

export const CEILINGS = ['observe', 'operate', 'provision', 'destroy'] as const;
export type Ceiling = (typeof CEILINGS)[number];
export type Risk = 'observe' | 'operate' | 'disrupt' | 'provision' | 'destroy';

export interface Texts {
  readonly title: string;
  readonly description: string;
}

/** As much of JSON Schema as inputs use. */
export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly de?: { readonly title?: string; readonly description?: string };
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly secret?: boolean;
}

export interface Action extends Texts {
  readonly id: string;
  readonly de?: Texts;
  readonly risk: Risk;
  readonly kinds: readonly string[];
  readonly input: Schema;
}

export interface Trouble {
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  readonly commands?: readonly string[];
}

export interface Job {
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly door: string;
  readonly user: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'unknown';
  readonly step: string | null;
  readonly progress: number | null;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: Trouble;
  readonly created: string;
  readonly ended: string | null;
}

export const isOver = ({ state }: Job): boolean => state !== 'queued' && state !== 'running';

export interface Plan {
  readonly risk: Risk;
  readonly target: { readonly id: string; readonly name: string; readonly kind: string };
  readonly steps: readonly { readonly name: string; readonly calls?: readonly string[] }[];
  readonly checks?: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly message: string;
    readonly hint?: string;
  }[];
  readonly warnings?: readonly string[];
  readonly confirm?: true | string;
}

export interface Finding {
  readonly owner: string;
  readonly key: string;
  readonly severity: 'problem' | 'warning' | 'info';
  readonly about: string;
  readonly title: string;
  readonly message: string;
  readonly remedy?: string;
  readonly commands?: readonly string[];
}

export interface SystemView {
  readonly owner: string;
  readonly title: string;
  readonly state: 'starting' | 'reachable' | 'lost';
  readonly calls_per_minute: number | null;
  readonly p95_ms: number | null;
  readonly errors: number;
  readonly last_error: string | null;
  readonly checks: readonly {
    readonly stage: string;
    readonly state: 'ok' | 'failed' | 'open';
    readonly trouble?: readonly Trouble[];
  }[];
}

export interface Broker {
  readonly where: string;
  readonly connected: boolean;
  readonly trouble: string | null;
}

export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly de?: Texts;
  readonly target: string;
  readonly choices?: Readonly<Record<string, Schema & { readonly optional?: boolean }>>;
  readonly notes?: readonly string[];
}

export interface OwnFile {
  readonly path: string;
  readonly title: string;
  readonly exists: boolean;
  readonly shipped: boolean;
  readonly counts: 'at once' | 'after a restart';
  readonly faults: readonly Fault[];
}

export interface Fault {
  readonly line?: number;
  readonly path?: string;
  readonly message: string;
}

export interface AuditEntry {
  readonly seq: number;
  readonly time: string;
  readonly door: string;
  readonly user: string;
  readonly administrator: boolean | null;
  readonly token: string | null;
  readonly action: string;
  readonly target: string;
  readonly input: unknown;
  readonly risk: Risk | null;
  readonly decision: 'accepted' | 'refused';
  readonly message: string | null;
  readonly job: string | null;
}

type Names = Readonly<Record<string, { readonly en: string; readonly de: string }>>;

/** What things and their readings are called, by kind. */
export type Kinds = Readonly<
  Record<string, { readonly readings: Names; readonly lists: Readonly<Record<string, Names>> }>
>;

/** Finds names in one language. */
export const namesOf =
  (kinds: Kinds, language: 'en' | 'de') =>
  (kind: string, reading: string, list?: string): string | undefined => {
    const { readings, lists } = kinds[kind] ?? {};
    return (list === undefined ? readings : lists?.[list])?.[reading]?.[language];
  };
