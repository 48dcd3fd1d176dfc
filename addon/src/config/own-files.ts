import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileFault, OwnFile, OwnFiles } from '../contract/own-file.ts';
import type { Recipe } from '../contract/recipe.ts';
import { asLabError, LabError } from '../core/errors.ts';
import { announcementFaults } from './announcements.ts';
import { buildOutFaults } from './build-out.ts';
import type { Vocabulary } from './build-out-words.ts';
import { linesOf } from './file-lines.ts';
import { parseOptions } from './load.ts';
import { powerProfileFaults } from './power-profiles.ts';
import { recipeFaults } from './recipes.ts';
import { styleFaults } from './styles.ts';
import { workloadFaults } from './workloads.ts';

/** A name below `recipes/`; neither a folder nor a hidden file. */
const RECIPE = /^recipes\/([a-z0-9][a-z0-9_-]{0,63})\.yaml$/;
const BUILD_OUT = 'recipes/build-out.yaml';
const MOST_CHARACTERS = 200_000;

export interface OwnFileParts {
  readonly folder: string;
  /** Texts to begin with, by path. */
  readonly shipped: Readonly<Record<string, string>>;
  readonly recipes: readonly Recipe[];
  readonly words: Vocabulary;
}

interface Sort {
  readonly title: string;
  readonly counts: OwnFile['counts'];
  faults(given: unknown): readonly string[];
}

/** The files in the folder of configuration, by the same checks as when they are read. */
export function ownFiles({ folder, shipped, recipes, words }: OwnFileParts): OwnFiles {
  const sorts: Readonly<Record<string, Sort>> = {
    [BUILD_OUT]: {
      ...{ title: 'Build-out', counts: 'after a restart' },
      faults: (given) => buildOutFaults(given, words),
    },
    'power-profiles.yaml': { title: 'Power profiles', counts: 'at once', faults: powerProfileFaults },
    'workloads.yaml': {
      title: 'Workloads of graphics cards',
      counts: 'after a restart',
      faults: workloadFaults,
    },
    'announcements.yaml': { title: 'Announcements', counts: 'at once', faults: announcementFaults },
    'styles.yaml': { title: 'Styles of the voice', counts: 'after a restart', faults: styleFaults },
  };
  const sortOf = (name: string): Sort => {
    const known = Object.hasOwn(sorts, name) ? sorts[name] : undefined;
    if (known !== undefined) return known;
    const [, id] = RECIPE.exec(name) ?? [];
    if (id === undefined) {
      throw new LabError('target_unknown', `there is no file “${name.slice(0, 100)}” to be written`, {
        hint: 'recipes are files as recipes/my_recipe.yaml, of a-z, 0-9, - and _',
      });
    }
    return { title: `Recipe ${id}`, counts: 'at once', faults: recipeFaults };
  };
  const faultsOf = async (name: string, text: string): Promise<readonly FileFault[]> => {
    const { faults } = sortOf(name);
    try {
      return await linesOf(text, faults(await parseOptions(text, name)));
    } catch (thrown) {
      const { message } = asLabError(thrown);
      return message.split('\n').map((line) => syntaxFault(line.replace(`${name}: `, '')));
    }
  };
  const textOf = async (name: string): Promise<string | undefined> => {
    try {
      return await readFile(path.join(folder, name), 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unusable(name, cause);
    }
  };
  const beginningOf = async (name: string): Promise<string | undefined> => {
    if (Object.hasOwn(shipped, name)) return shipped[name];
    const recipe = recipes.find(({ id }) => `recipes/${id}.yaml` === name);
    return recipe && (await import('./yaml.ts')).stringify(recipe);
  };
  const expect = async (name: string, etag: string | undefined): Promise<void> => {
    const text = await textOf(name);
    if ((text === undefined ? undefined : etagOf(text)) === etag) return;
    throw new LabError('target_changed', `${name} was written by somebody else meanwhile`, {
      hint: 'read it again, and put your changes into what is there now',
    });
  };

  return {
    list: async () => {
      const written = (await namesIn(path.join(folder, 'recipes')))
        .map((name) => `recipes/${name}`)
        .filter((name) => RECIPE.test(name));
      const offered = recipes.map(({ id }) => `recipes/${id}.yaml`);
      const names = [...new Set([...Object.keys(sorts), ...[...offered, ...written].sort()])];
      return Promise.all(
        names.map(async (name) => {
          const { title, counts } = sortOf(name);
          const text = await textOf(name);
          const recipe = recipes.find(({ id }) => `recipes/${id}.yaml` === name);
          return {
            ...{ path: name, title: recipe === undefined ? title : `Recipe ${recipe.title}`, counts },
            exists: text !== undefined,
            shipped: Object.hasOwn(shipped, name) || recipe !== undefined,
            faults: text === undefined ? [] : await faultsOf(name, text),
          };
        }),
      );
    },
    read: async (name) => {
      sortOf(name);
      const text = await textOf(name);
      return text === undefined
        ? { text: (await beginningOf(name)) ?? '', etag: undefined }
        : { text, etag: etagOf(text) };
    },
    check: (name, text) => faultsOf(name, text),
    write: async (name, text, etag) => {
      if (text.length > MOST_CHARACTERS) throw new LabError('input_invalid', `${name}: it is too long`);
      const [first] = await faultsOf(name, text);
      if (first !== undefined) {
        const at = first.path ?? (first.line === undefined ? 'file' : `line ${first.line}`);
        throw new LabError('input_invalid', `${name}: ${at}: ${first.message}`, { path: at });
      }
      await expect(name, etag);
      const file = path.join(folder, name);
      const beside = `${file}.${randomBytes(4).toString('hex')}.new`;
      try {
        await mkdir(path.dirname(file), { recursive: true });
        // Whole or not at all, whenever the power goes.
        await writeFile(beside, text, { flag: 'wx', flush: true });
        await rename(beside, file);
      } catch (cause) {
        await rm(beside, { force: true });
        throw unusable(name, cause);
      }
      return { etag: etagOf(text) };
    },
    remove: async (name, etag) => {
      sortOf(name);
      await expect(name, etag);
      try {
        await rm(path.join(folder, name));
      } catch (cause) {
        throw unusable(name, cause);
      }
    },
  };
}

/** `line 3, column 2: what` in its parts. */
function syntaxFault(text: string): FileFault {
  const [, line, message] = /^line (\d+), column \d+: (.*)$/s.exec(text) ?? [];
  return line === undefined || message === undefined ? { message: text } : { line: Number(line), message };
}

const unusable = (name: string, cause: unknown): LabError =>
  new LabError('options_invalid', `${name}: ${(cause as Error).message}`, {
    hint: 'see that Labkeeper may read and write its folder of configuration',
    cause,
  });

const etagOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
