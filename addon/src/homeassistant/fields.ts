import type { Selector } from './selectors.ts';

export type Language = 'en' | 'de';

export interface FieldTexts {
  readonly name: string;
  readonly description: string;
}

/** A field of a form, as in services.yaml. */
export interface ServiceField {
  readonly required?: true;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly selector: Selector;
}
