import { isTrue, textOf, under } from './look.ts';
import { invalid, type Piece } from './yaml.ts';

/** What a container sees of what is outside of it. */
export interface Mount {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'other';
  /** Of a bind the path as it is written, of a volume its key in the file; undefined: a volume without a name. */
  readonly source: string | undefined;
  /** In the container. */
  readonly target: string;
  readonly isReadOnly: boolean;
  readonly line: number;
}

/** A path, and no name of a volume. */
const isPath = (text: string): boolean => /^(\/|\.{1,2}(\/|$)|~)/.test(text);
/** It begins at the file, or at the home of whoever runs Compose. */
export const isRelative = (path: string): boolean => !path.startsWith('/');

/**
 * One of `volumes` of a service, in either form.
 *
 * @throws LabError `input_invalid` with the line
 */
export function mountOf(piece: Piece): Mount {
  const { line } = piece;
  if (piece.kind !== 'table') return shortMount(textOf(piece, 'a mount') ?? '', line);
  const type = textOf(under(piece, 'type'), 'type') ?? '';
  const source = textOf(under(piece, 'source') ?? under(piece, 'src'), 'source');
  const target = textOf(under(piece, 'target') ?? under(piece, 'dst'), 'target') ?? '';
  if (!target.startsWith('/'))
    throw invalid('a mount needs a whole path in the container as its target', line);
  const known = (['bind', 'volume', 'tmpfs'] as const).find((one) => one === type);
  if (type === 'bind' && source === undefined) throw invalid('a bind mount needs a source', line);
  const isReadOnly = isTrue(under(piece, 'read_only'));
  return { type: known ?? 'other', source, target: tidy(target), isReadOnly, line };
}

function shortMount(text: string, line: number): Mount {
  const parts = text.split(':');
  if (parts.length > 3 || parts.includes('')) throw invalid(`“${text.slice(0, 200)}” is no mount`, line);
  const [first = '', second, options = ''] = parts;
  const target = second ?? first;
  if (!target.startsWith('/'))
    throw invalid(`“${target.slice(0, 200)}” is no whole path in the container`, line);
  const source = second === undefined ? undefined : first;
  const type = source !== undefined && isPath(source) ? 'bind' : 'volume';
  return { type, source, target: tidy(target), isReadOnly: options.split(',').includes('ro'), line };
}

/** As the engine writes it. */
const tidy = (path: string): string => path.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');

/** A path of the machine with `.` and `..` worked out. @param folder where the file is; whole */
export function wholePath(path: string, folder: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
