/** What a card is told in a dashboard. */
export interface CardConfig {
  readonly type: string;
  readonly title?: string;
  readonly view?: ViewName;
}

export const VIEWS = ['topology'] as const;
export type ViewName = (typeof VIEWS)[number];

/** @throws Error in words, which Home Assistant shows in place of the card */
export function checked(config: unknown): CardConfig {
  if (typeof config !== 'object' || config === null)
    throw new Error('Labkeeper: the card has no configuration');
  const { view, title } = config as Record<string, unknown>;
  if (view !== undefined && !VIEWS.includes(view as ViewName)) {
    throw new Error(`Labkeeper: there is no view “${String(view)}”; there are ${VIEWS.join(', ')}`);
  }
  if (title !== undefined && typeof title !== 'string')
    throw new Error('Labkeeper: the title has to be a text');
  return config as CardConfig;
}
