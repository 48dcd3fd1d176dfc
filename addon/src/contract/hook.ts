/** What a system sends to us by itself, if a person has it do so. */
export interface Delivery {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** JSON, from whoever knows the secret: untrusted. */
  readonly body: unknown;
}

/** Where a session takes what its system sends: at `/hooks/<source>/<id>/<secret>`. */
export interface Hook {
  readonly secret: string;
  /** Never throws: whoever sends it can do nothing about what is wrong with it. */
  take(delivery: Delivery): void;
}

/** Finds the hook of a system. @param owner `<source>/<id>` as configured; undefined: it has none, or is none */
export type HookFinder = (owner: string) => Hook | undefined;
