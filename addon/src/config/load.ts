import { readFile } from 'node:fs/promises';
import { LabError } from '../core/errors.ts';
import type { Settings } from './settings.ts';

/**
 * The options as they were given, not checked yet: those of the file, and secrets that the environment holds instead.
 *
 * @throws LabError `options_invalid` when the file cannot be read, or is neither YAML nor JSON
 */
export async function loadOptions(
  settings: Pick<Settings, 'optionsFile' | 'mqttPassword'>,
): Promise<unknown> {
  const { optionsFile, mqttPassword } = settings;
  const options = optionsFile === undefined ? {} : await readOptions(optionsFile);
  if (mqttPassword === undefined || !isGroup(options)) return options;
  const { mqtt = {} } = options;
  return isGroup(mqtt) ? { ...options, mqtt: { ...mqtt, password: mqttPassword } } : options;
}

/**
 * Reads an options file, JSON or YAML (of which JSON is a part).
 *
 * @throws LabError `options_invalid` when it cannot be read or is neither; all that is wrong, a line each
 */
export async function readOptions(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new LabError('options_invalid', `${file}: ${(cause as Error).message}`, { cause });
  }
  return parseOptions(text, file);
}

/** @param name what the text is called in errors */
export async function parseOptions(text: string, name: string): Promise<unknown> {
  // As the Supervisor writes it. The parser for YAML takes memory that is not given back.
  try {
    return JSON.parse(text);
  } catch {
    return parseYaml(text, name);
  }
}

async function parseYaml(text: string, name: string): Promise<unknown> {
  const { parseDocument } = await import('./yaml.ts');
  const document = parseDocument(text, { prettyErrors: false });
  // A warning is a tag (`!secret`) or a directive that would be passed over in silence.
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const lines = faults.map(
      ({ message, pos }) => `${name}: ${whereOf(text, pos[0])}: ${withoutText(message)}`,
    );
    throw new LabError('options_invalid', lines.join('\n'), { hint: QUOTES });
  }
  try {
    return document.toJS() ?? {};
  } catch (cause) {
    // An alias without its anchor, or so many that they would fill the memory.
    const message = `${name}: ${withoutText((cause as Error).message)}`;
    throw new LabError('options_invalid', message, { hint: QUOTES });
  }
}

const QUOTES = 'Texts with special characters, passwords above all, belong in quotes.';

/** What the parser quotes of the file comes behind a colon, and may be a password that only lacks its quotes. */
const withoutText = (message: string): string => message.replace(/: .*$/s, '');

function whereOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
