import type { FileFault } from '../contract/own-file.ts';
import type { Part } from './path.ts';

/** Of a parsed YAML file, as much as counts here. */
interface Located {
  getIn(path: readonly Part[], keepScalar: boolean): unknown;
}

/** Finds in which line of a file stands what is wrong. @param faults lines `path: message` */
export async function linesOf(text: string, faults: readonly string[]): Promise<readonly FileFault[]> {
  if (faults.length === 0) return [];
  const { parseDocument } = await import('./yaml.ts');
  const document = parseDocument(text, { prettyErrors: false });
  return faults.map((fault) => {
    const [, path = '', message = fault] =
      /^((?:[\w-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\]|\.)+): (.*)$/s.exec(fault) ?? [];
    const line = lineOf(document, text, partsOf(path));
    return { ...(line !== undefined && { line }), ...(path !== '' && { path }), message };
  });
}

/** `docker[0].url` in its parts. */
const partsOf = (path: string): readonly Part[] =>
  [...path.matchAll(/([\w-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
    ([, name = '', index, quoted]): Part => {
      if (index !== undefined) return Number(index);
      return quoted === undefined ? name : JSON.parse(quoted);
    },
  );

/** Of the innermost part that is there: what is missing has no line. */
function lineOf(document: Located, text: string, parts: readonly Part[]): number | undefined {
  for (let length = parts.length; length > 0; length -= 1) {
    const node = document.getIn(parts.slice(0, length), true) as { range?: readonly number[] } | undefined;
    const offset = node?.range?.[0];
    if (offset !== undefined) return text.slice(0, offset).split('\n').length;
  }
  return undefined;
}
