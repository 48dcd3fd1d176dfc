/** How much a finding asks for: `info` nothing, `warning` a look, `problem` something to be done soon. */
export type Severity = 'info' | 'warning' | 'problem';

/** The gravest first. */
export const SEVERITIES: readonly Severity[] = ['problem', 'warning', 'info'];

/**
 * Something that a person should look at and that no reading of a thing tells: how the lab is put together, what a
 * system withholds. Texts are English; names in them come from the lab and are hostile input. Never a secret.
 */
export interface Finding {
  /** Stable within its owner: the same trouble keeps it, whatever its words. */
  readonly key: string;
  readonly severity: Severity;
  /** Id of the resource that it is about, or the owner (`<source>/<instance>`) for a whole system. */
  readonly about: string;
  /** A few words, without a full stop. */
  readonly title: string;
  /** What is so, and what follows from it: sentences. */
  readonly message: string;
  /** What to do about it, in words. */
  readonly remedy?: string;
  /** Lines to type as they are, in their order. */
  readonly commands?: readonly string[];
}

/** A finding with who reported it: `<source>/<instance>` as configured, or `lab` for what is derived. */
export interface OwnedFinding extends Finding {
  readonly owner: string;
}

/** All findings as they are now, to be read and followed. */
export interface FindingsView {
  /** The gravest first, then by owner and key; the same array while nothing changes. */
  all(): readonly OwnedFinding[];
  /** Calls `listener` whenever they differ. The returned function ends it. */
  subscribe(listener: (findings: readonly OwnedFinding[]) => void): () => void;
}
