/** What a card is told in a dashboard. */
export interface CardConfig {
  readonly type: string;
  readonly title?: string;
  /** Of `labkeeper-card`. */
  readonly view?: ViewName;
  /** How far back graphs go. */
  readonly hours?: number;
  /** A branch with more things than this begins folded. */
  readonly fold?: number;
  /** Of cards for one thing: its device. */
  readonly device?: string;
}

export const VIEWS = ['topology', 'resources', 'network', 'storage', 'ai', 'build-out', 'jobs'] as const;
export type ViewName = (typeof VIEWS)[number];

/** The longest that graphs may go back: a month. */
const MOST_HOURS = 744;

/** @throws Error in words, which Home Assistant shows in place of the card */
export function checked(config: unknown): CardConfig {
  if (typeof config !== 'object' || config === null)
    throw new Error('Labkeeper: the card has no configuration');
  const { view, title, hours, fold, device } = config as Record<string, unknown>;
  if (view !== undefined && !VIEWS.includes(view as ViewName)) {
    throw new Error(`Labkeeper: there is no view “${String(view)}”; there are ${VIEWS.join(', ')}`);
  }
  for (const [key, value] of Object.entries({ title, device })) {
    if (value !== undefined && typeof value !== 'string')
      throw new Error(`Labkeeper: “${key}” has to be a text`);
  }
  number('hours', hours, MOST_HOURS);
  number('fold', fold, 10_000);
  return config as CardConfig;
}

function number(key: string, value: unknown, most: number): void {
  if (value === undefined || (typeof value === 'number' && value >= 1 && value <= most)) return;
  throw new Error(`Labkeeper: “${key}” has to be a number from 1 to ${most}`);
}
