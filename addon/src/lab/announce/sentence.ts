import type { RuleSettings } from '../../contract/announcements.ts';
import { shown } from '../../core/words.ts';
import type { Text } from '../../kinds/rows.ts';
import type { Fact } from './fact.ts';
import { RULES, type Rule } from './rules.ts';

export type Language = keyof Text;

/** Named at most; of more it is said how many. */
const MOST_NAMES = 4;
/** Characters of a name that are spoken. */
const LONGEST = 60;

/** One sentence of several things: a part for each rule, what is critical first. @param texts of the file, by rule */
export function sentenceOf(
  facts: readonly Fact[],
  language: Language,
  settingsOf: (rule: Rule) => RuleSettings,
): string {
  const isCritical = (rule: Rule): boolean => settingsOf(rule).critical ?? rule.critical;
  const rules = [...RULES.filter(isCritical), ...RULES.filter((rule) => !isCritical(rule))];
  const parts = rules.flatMap((rule) => {
    const names = facts.filter(({ rule: id }) => id === rule.id).map(({ name }) => nameIn(name, language));
    return names.length === 0 ? [] : [partOf(rule, names, language, settingsOf(rule).text?.[language])];
  });
  const text = list(parts, language, ', ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function partOf(
  rule: Rule,
  names: readonly string[],
  language: Language,
  own: { readonly one?: string; readonly many?: string } = {},
): string {
  const isOne = names.length === 1;
  const template = isOne ? (own.one ?? rule.one[language]) : (own.many ?? rule.many[language]);
  const named = list(cut(names, language), language, ' ');
  // What stands in a name is no template, and no pattern either.
  return template.trim().replaceAll(/\{names?\}/g, () => named);
}

function cut(names: readonly string[], language: Language): readonly string[] {
  const rest = names.length - MOST_NAMES;
  if (rest <= 0) return names;
  return [...names.slice(0, MOST_NAMES), language === 'de' ? `${rest} weitere` : `${rest} more`];
}

const AND: Readonly<Record<Language, string>> = { en: 'and', de: 'und' };

/** `a, b and c`. */
function list(parts: readonly string[], language: Language, beforeAnd: string): string {
  const last = parts.at(-1) ?? '';
  if (parts.length < 2) return last;
  return `${parts.slice(0, -1).join(', ')}${beforeAnd}${AND[language]} ${last}`;
}

const nameIn = (name: Fact['name'], language: Language): string =>
  shown(typeof name === 'string' ? name : name[language], LONGEST);
