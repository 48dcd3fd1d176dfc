import { itemsOf, tableOf, textOf, under } from './look.ts';
import { isRelative, mountOf } from './mounts.ts';
import type { Piece } from './yaml.ts';

/** Something of a Compose file that leads to other files beside it. */
export interface Outside {
  readonly line: number;
  /** For people: `a relative folder (./data)`. */
  readonly what: string;
  /** Relative to the file, where a file has to be there before. */
  readonly file?: string;
}

/**
 * What a file needs beside itself: relative bind mounts, `env_file`, `build`, configs and secrets from files. By what is
 * reached over TCP, a socket or Portainer, none of that comes along.
 *
 * @param file whose variables are filled in
 */
export function outsideOf(file: Piece): readonly Outside[] {
  const services = [...tableOf(under(file, 'services'), 'services').values()];
  return [
    ...services.flatMap(ofService),
    ...(['configs', 'secrets'] as const).flatMap((kind) =>
      [...tableOf(under(file, kind), kind).values()].flatMap((one) => {
        const path = under(one, 'file');
        return path === undefined ? [] : [fileAt(path, `a ${kind.slice(0, -1)} from a file`)];
      }),
    ),
    ...[...tableOf(under(file, 'volumes'), 'volumes').values()].flatMap((volume) => {
      const device = under(under(volume, 'driver_opts'), 'device');
      const path = textOf(device, 'device') ?? '';
      return device !== undefined && /^(\.|~)/.test(path)
        ? [{ line: device.line, what: `a relative folder (${path})` }]
        : [];
    }),
  ].sort((one, other) => one.line - other.line);
}

function ofService(service: Piece): readonly Outside[] {
  const build = under(service, 'build');
  const envFile = under(service, 'env_file');
  const labelFile = under(service, 'label_file');
  const credentials = under(under(service, 'credential_spec'), 'file');
  const mounts = itemsOf(under(service, 'volumes'), 'volumes').map(mountOf);
  return [
    ...mounts.flatMap(({ type, source = '/', line }) =>
      type === 'bind' && isRelative(source) ? [{ line, what: `a relative folder (${source})` }] : [],
    ),
    ...(envFile === undefined ? [] : listed(envFile).map((one) => fileAt(one, 'env_file'))),
    ...(labelFile === undefined ? [] : listed(labelFile).map((one) => fileAt(one, 'label_file'))),
    ...(build === undefined ? [] : [{ line: build.line, what: 'build' }]),
    ...(credentials === undefined ? [] : [fileAt(credentials, 'credential_spec')]),
  ];
}

const listed = (piece: Piece): readonly Piece[] => (piece.kind === 'list' ? piece.items : [piece]);

function fileAt(piece: Piece, what: string): Outside {
  const path = textOf(piece.kind === 'table' ? under(piece, 'path') : piece, what) ?? '';
  const { line } = piece;
  // One that need not be there has nothing to be looked for.
  const isNeeded = piece.kind !== 'table' || textOf(under(piece, 'required'), 'required') !== 'false';
  return { line, what: `${what} (${path})`, ...(isNeeded && { file: path }) };
}
