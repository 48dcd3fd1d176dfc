import type { Writing } from '../lab/format.ts';
import type { Hass } from './types.ts';

/** How somebody wants numbers, as Home Assistant calls it, as a locale that writes them so. */
const NUMBERS: Readonly<Record<string, string>> = {
  comma_decimal: 'en',
  decimal_comma: 'de',
  space_comma: 'fr',
  quote_decimal: 'de-CH',
};

/** @returns `before` as long as it says the same, and is not older than half a minute */
export function writingOf(hass: Hass, before: Writing | undefined): Writing {
  const language = hass.locale?.language ?? hass.language ?? 'en';
  const numbers = NUMBERS[hass.locale?.number_format ?? ''];
  const timeZone = hass.locale?.time_zone === 'server' ? hass.config?.time_zone : undefined;
  const now = Date.now();
  const same = before?.language === language && before.numbers === numbers && now - before.now < 30_000;
  return same ? before : { language, numbers, timeZone, now };
}
