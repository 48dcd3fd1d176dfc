import { textOf, under } from './look.ts';
import { invalid, type Piece } from './yaml.ts';

/** A port of the host that leads to a container, or some in a row. */
export interface Port {
  /** Empty: every address of the host. */
  readonly ip: string;
  /** 0: the engine chooses one. */
  readonly from: number;
  readonly to: number;
  /** As the container has it, `80` or `80-82`. */
  readonly target: string;
  readonly protocol: string;
}

const RANGE = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/**
 * One of `ports`, in either form.
 *
 * @throws LabError `input_invalid` with the line
 */
export function portOf(piece: Piece): Port {
  if (piece.kind !== 'table') return shortPort(textOf(piece, 'a port') ?? '', piece.line);
  const published = textOf(under(piece, 'published'), 'published') ?? '';
  const target = textOf(under(piece, 'target'), 'target') ?? '';
  const protocol = textOf(under(piece, 'protocol'), 'protocol') ?? 'tcp';
  return portFrom(textOf(under(piece, 'host_ip'), 'host_ip') ?? '', published, target, protocol, piece.line);
}

function shortPort(text: string, line: number): Port {
  const [, address = '', protocol = 'tcp'] = /^([^/]*)(?:\/([a-z]+))?$/.exec(text.trim()) ?? [];
  const [, ip = '', host = '', target = ''] =
    /^(?:(\[[0-9a-fA-F:.]+\]|[0-9.]+):)??(?:([\d-]*):)?([\d-]+)$/.exec(address) ?? [];
  if (target === '') throw invalid(`“${text}” is no port`, line);
  return portFrom(ip.replaceAll(/[[\]]/g, ''), host, target, protocol, line);
}

function portFrom(ip: string, published: string, target: string, protocol: string, line: number): Port {
  const [from, to] = rangeOf(published || '0', line);
  const [first, last] = rangeOf(target, line);
  if (first === 0) throw invalid('port 0 of a container leads nowhere', line);
  if (first !== last && from !== 0 && to - from !== last - first) {
    throw invalid(`${published} and ${target} are not equally many ports`, line);
  }
  // Of several on the host for one of the container, the engine takes one that is free.
  const isChosen = first === last && from !== to;
  const address = /^(0\.0\.0\.0|::)$/.test(ip) ? '' : ip;
  return { ip: address, from: isChosen ? 0 : from, to: isChosen ? 0 : to, target, protocol };
}

function rangeOf(text: string, line: number): readonly [number, number] {
  const [, first = '', last = first] = RANGE.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === '' || to < from || to > 65_535) throw invalid(`“${text}” is no port`, line);
  return [from, to];
}

/** Whether two cannot be had at a time. */
export function collides(one: Port, other: Port): boolean {
  if (one.from === 0 || other.from === 0 || one.protocol !== other.protocol) return false;
  const isSameAddress = one.ip === other.ip || one.ip === '' || other.ip === '';
  return isSameAddress && one.from <= other.to && other.from <= one.to;
}

/** For people: `8080/tcp`, `127.0.0.1:53/udp`. */
export function portText({ ip, from, to, protocol }: Port): string {
  const address = ip === '' ? '' : `${ip.includes(':') ? `[${ip}]` : ip}:`;
  return `${address}${from === 0 ? 'any' : from === to ? from : `${from}-${to}`}/${protocol}`;
}
