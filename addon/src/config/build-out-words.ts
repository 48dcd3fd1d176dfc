import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import type { BuildOut, Check, Conditions, Search } from '../contract/build-out.ts';
import { SOURCES } from '../sources/registry.ts';
import { nearest } from './hints.ts';
import { joinPath, parseJsonPointer, pathOf } from './path.ts';

/** What a reading can be. */
export interface ReadingWords {
  readonly type: 'boolean' | 'number' | 'text' | 'list';
  /** Every word that a text can be; left out: any. */
  readonly values?: readonly string[];
  /** Of a list, what its items have. */
  readonly items?: Readonly<Record<string, ReadingWords>>;
}

/** The words that a file may use. */
export interface Vocabulary {
  readonly kinds: Readonly<Record<string, Readonly<Record<string, ReadingWords>>>>;
  /** Inputs of actions, by the id of the action. */
  readonly actions: Readonly<Record<string, TSchema>>;
}

type Readings = Readonly<Record<string, ReadingWords>>;

const COMPARISONS = ['known', 'least', 'most', 'not', 'some'];
const ASKED = { boolean: 'true or false', number: 'a number', text: 'a text' } as const;

/**
 * What is wrong with the words of checks and actions: a line `path: message` each.
 *
 * @param isLooked whether an item is looked at, where a file may be wrong anywhere
 */
export function faultsOfChecks(
  { phases }: BuildOut,
  words: Vocabulary,
  isLooked: (item: unknown) => boolean = () => true,
): readonly string[] {
  return listOf(phases).flatMap((phase, index) =>
    listOf(phase?.items).flatMap((item, at) => {
      if (!isLooked(item)) return [];
      const path = `phases[${index}].items[${at}]`;
      return [
        ...ofCheck(item.check, `${path}.check`, words),
        ...(item.action === undefined ? [] : ofAction(item.action, `${path}.action`, words)),
      ];
    }),
  );
}

const listOf = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);

function ofAction(
  { id, input = {}, on }: { readonly id: string; readonly input?: unknown; readonly on?: string },
  path: string,
  { actions, kinds }: Vocabulary,
): readonly string[] {
  const schema = Object.hasOwn(actions, id) ? actions[id] : undefined;
  if (schema === undefined)
    return [`${path}.id: there is no action “${id}”${meant(id, Object.keys(actions))}`];
  const wrong = [...Value.Errors(schema, input)].map(
    ({ instancePath, message }) =>
      `${joinPath(`${path}.input`, pathOf(parseJsonPointer(instancePath)))}: ${message}`,
  );
  if (on === undefined || Object.hasOwn(kinds, on)) return wrong;
  return [...wrong, `${path}.on: there is no kind “${on}”${meant(on, Object.keys(kinds))}`];
}

function ofCheck(check: Check, path: string, words: Vocabulary): readonly string[] {
  const keys = Object.keys(check);
  const ways = ['kind', 'all', 'any'].filter((key) => keys.includes(key));
  if (ways.length !== 1) return [`${path}: needs one of kind, all and any`];
  const [way] = ways;
  if (way !== 'kind' && keys.length > 1)
    return [`${path}: nothing else stands beside ${way}; put it into the checks of ${way}`];
  const inner = 'all' in check ? check.all : 'any' in check ? check.any : undefined;
  if (inner !== undefined) return inner.flatMap((one, at) => ofCheck(one, `${path}.${way}[${at}]`, words));
  const search = check as Search;
  return [
    ...ofThing(search, search.kind, path, words),
    ...(search.every === undefined || !Object.hasOwn(words.kinds, search.kind)
      ? []
      : ofConditions(search.every, search.kind, `${path}.every`, words)),
  ];
}

function ofThing(thing: Conditions, kind: string, path: string, words: Vocabulary): readonly string[] {
  if (!Object.hasOwn(words.kinds, kind))
    return [`${path}.kind: there is no kind “${kind}”${meant(kind, Object.keys(words.kinds))}`];
  return ofConditions(thing, kind, path, words);
}

function ofConditions(
  { source, name, readings = {}, facts = {}, in: inside, links = {} }: Conditions,
  kind: string,
  path: string,
  words: Vocabulary,
): readonly string[] {
  const known = Object.keys(SOURCES);
  return [
    ...(source === undefined || known.includes(source)
      ? []
      : [`${path}.source: there is no source “${source}”${meant(source, known)}`]),
    ...(name === undefined || isText(name) || isTexts(name)
      ? []
      : [`${path}.name: must be a text or a list of texts`]),
    ...ofReadings(readings, words.kinds[kind] ?? {}, `${path}.readings`, kind),
    ...Object.entries(facts).flatMap(([fact, wanted]) =>
      ofComparison(wanted, undefined, joinPath(`${path}.facts`, pathOf([fact]))),
    ),
    ...(inside === undefined ? [] : ofThing(inside, inside.kind, `${path}.in`, words)),
    ...Object.entries(links).flatMap(([type, to]) => ofThing(to, to.kind, `${path}.links.${type}`, words)),
  ];
}

function ofReadings(
  given: Readonly<Record<string, unknown>>,
  known: Readings,
  path: string,
  of: string,
): readonly string[] {
  return Object.entries(given).flatMap(([name, wanted]) => {
    const at = joinPath(path, pathOf([name]));
    const words = Object.hasOwn(known, name) ? known[name] : undefined;
    return words === undefined
      ? [`${at}: ${of} has no such reading${meant(name, Object.keys(known))}`]
      : ofComparison(wanted, words, at);
  });
}

/** @param words undefined: it may be anything */
function ofComparison(wanted: unknown, words: ReadingWords | undefined, path: string): readonly string[] {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted))
    return ofValue(wanted, words, path);
  const given = wanted as Readonly<Record<string, unknown>>;
  const keys = Object.keys(given);
  if (keys.length === 0) return [`${path}: says nothing; give a value, or one of ${COMPARISONS.join(', ')}`];
  return keys.flatMap((key) => {
    const at = joinPath(path, pathOf([key]));
    const value = given[key];
    if (!COMPARISONS.includes(key)) return [`${at}: there is no such comparison${meant(key, COMPARISONS)}`];
    if (key === 'known') return value === true ? [] : [`${at}: must be true`];
    if (key === 'not') return ofValue(value, words, at);
    if (key !== 'some') {
      if (words?.type === 'boolean' || words?.type === 'text')
        return [`${at}: only numbers and lists have a size`];
      return typeof value === 'number' && Number.isFinite(value) ? [] : [`${at}: must be a number`];
    }
    if (words?.items === undefined) return [`${at}: only a list of items has some`];
    const isGroup =
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
    if (!isGroup) return [`${at}: must say what one of them has`];
    return ofReadings(value as Readonly<Record<string, unknown>>, words.items, at, 'an item of it');
  });
}

function ofValue(value: unknown, words: ReadingWords | undefined, path: string): readonly string[] {
  if (words === undefined)
    return isText(value) || isTexts(value) || isPlain(value)
      ? []
      : [`${path}: must be a value or a list of texts`];
  if (words.type === 'list') return [`${path}: is a list; say what it has with least, most or some`];
  if (words.type === 'text' ? !isText(value) && !isTexts(value) : typeof value !== words.type)
    return [
      `${path}: must be ${ASKED[words.type]}${words.type === 'text' && isPlain(value) ? '; put it in quotes' : ''}`,
    ];
  const { values } = words;
  if (values === undefined || words.type !== 'text') return [];
  return [value].flat().flatMap((one) => {
    const word = one as string;
    return word.includes('*') || values.includes(word)
      ? []
      : [`${path}: is never “${word}”, but one of ${values.join(', ')}`];
  });
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);
const isPlain = (value: unknown): boolean => typeof value === 'boolean' || typeof value === 'number';

function meant(word: string, known: readonly string[]): string {
  const hint = nearest(word, known);
  return hint === undefined ? '' : `; did you mean “${hint}”?`;
}
