/** What a task's id says. */
export interface Upid {
  readonly node: string;
  readonly pid: number;
  /** Hundredths of a second after the node's boot. */
  readonly pstart: number;
  /** Seconds since 1970. */
  readonly starttime: number;
  readonly type: string;
  /** What it is about: a vmid, a node, nothing. */
  readonly id: string;
  /** With the token's name, if it was one: `root@pam!ci`. */
  readonly user: string;
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');

export const encodeUpid = ({ node, pid, pstart, starttime, type, id, user }: Upid): string =>
  `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(starttime)}:${type}:${id}:${user}:`;

const UPID =
  /^UPID:([a-zA-Z0-9-]+):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):([^:\s]+):([^:\s]*):([^:\s]+):$/;

/** @returns undefined for what is none */
export function decodeUpid(text: string): Upid | undefined {
  const match = UPID.exec(text);
  if (match === null) return undefined;
  const [, node = '', pid = '', pstart = '', starttime = '', type = '', id = '', user = ''] = match;
  const number = (digits: string): number => Number.parseInt(digits, 16);
  return { node, pid: number(pid), pstart: number(pstart), starttime: number(starttime), type, id, user };
}
