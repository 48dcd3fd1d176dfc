import { LabkeeperCard } from './cards/lab-card.ts';
import { LabkeeperStrategy } from './cards/strategy.ts';
import { suggestionFor } from './cards/suggestion.ts';
import { LabkeeperGpuCard, LabkeeperGuestCard, LabkeeperNodeCard } from './cards/thing-card.ts';
import type { Hass } from './hass/types.ts';
import { Words } from './lab/words/words.ts';
import { define } from './parts/define.ts';

/** A dashboard that makes itself, as Home Assistant's list of them offers it. */
interface CustomStrategy {
  readonly type: string;
  readonly strategyType: 'dashboard';
  readonly name: string;
  readonly description: string;
  readonly documentationURL: string;
}

/** A card as Home Assistant's picker offers it. */
interface CustomCard {
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly preview: boolean;
  readonly documentationURL: string;
  readonly getEntitySuggestion: (hass: Hass, entity: string) => object | null;
}

const DOCUMENTATION = 'https://github.com/labkeeper/labkeeper#on-a-dashboard';

const CARDS = {
  'labkeeper-card': LabkeeperCard,
  'labkeeper-node-card': LabkeeperNodeCard,
  'labkeeper-guest-card': LabkeeperGuestCard,
  'labkeeper-gpu-card': LabkeeperGpuCard,
};

const page = window as { customCards?: CustomCard[]; customStrategies?: CustomStrategy[] };
const words = new Words({ language: document.documentElement.lang || navigator.language, now: 0 });
page.customCards ??= [];
for (const [type, card] of Object.entries(CARDS)) {
  define(type, card);
  // Loaded twice, as after an update, it is still offered once.
  if (page.customCards.some((known) => known.type === type)) continue;
  page.customCards.push({
    type,
    name: words.find(`card_${type}`) ?? type,
    description: words.find(`card_${type}_about`) ?? '',
    preview: true,
    documentationURL: DOCUMENTATION,
    getEntitySuggestion: (hass, entity) => suggestionFor(hass, entity, `custom:${type}`),
  });
}
define('ll-strategy-dashboard-labkeeper', LabkeeperStrategy);
page.customStrategies ??= [];
if (!page.customStrategies.some(({ type }) => type === 'labkeeper')) {
  page.customStrategies.push({
    type: 'labkeeper',
    strategyType: 'dashboard',
    name: words.say('card_strategy'),
    description: words.say('card_strategy_about'),
    documentationURL: DOCUMENTATION,
  });
}
