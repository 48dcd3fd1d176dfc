/** A setting of several parts, as in `virtio=BC:24:11:00:00:01,bridge=vmbr0`: the first part may have no name. */
export interface Property {
  /** The part without a name. */
  readonly first: string | undefined;
  readonly parts: ReadonlyMap<string, string>;
}

export function propertyOf(text: string): Property {
  const all = text.split(',').filter(Boolean);
  const named = all.filter((part) => part.includes('='));
  return {
    first: all.find((part) => !part.includes('=')),
    parts: new Map(
      named.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
    ),
  };
}

/** Of a disk that is to be made: on which storage, and how large. undefined: it is something else. */
export function newDiskOf(text: string): { readonly storage: string; readonly gib: number } | undefined {
  const [, storage, gib] = /^([a-z][a-z0-9._-]*):(\d+(?:\.\d+)?)$/i.exec(text) ?? [];
  return storage === undefined ? undefined : { storage, gib: Number(gib) };
}

/** The storage in a volume's id. */
export const storageIn = (volid: string): string => volid.slice(0, Math.max(0, volid.indexOf(':')));
