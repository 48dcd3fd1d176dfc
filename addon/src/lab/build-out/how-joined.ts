import type { LabResource } from '../../kinds/index.ts';
import { counts, typeOf } from '../../model/alias.ts';
import type { Alias, AliasType } from '../../model/resource.ts';

/** The lab, with each thing also as its owner handed it in. */
export interface JoinedLab {
  get(id: string): LabResource | undefined;
  given(id: string): LabResource | undefined;
  all(): Iterable<LabResource>;
}

const WORDS: Readonly<Record<AliasType, string>> = {
  mac: 'network card',
  ip: 'address',
  hostname: 'host name',
  serial: 'serial number',
  smbios: 'SMBIOS UUID',
  pci: 'PCI address',
  gpu_uuid: 'UUID',
  endpoint: 'address and port',
};

/**
 * How it was found out that one thing lies in another, as in “by its host name”; undefined: the system of both says so
 * itself.
 */
export function howJoined(
  child: LabResource,
  parent: LabResource,
  lab: Pick<JoinedLab, 'given'>,
): string | undefined {
  const own = lab.given(child.id);
  if (own?.parent === parent.id) {
    return systemOf(child) === systemOf(parent) ? undefined : 'as the options say';
  }
  const content = lab.given(parent.id)?.content;
  if (content?.id === child.id) return 'as the options say';
  const parts = content?.parts?.flat() ?? [];
  if (content?.kind === child.kind) {
    const shared = sharedBy(content.itself ?? [], child.aliases ?? []);
    // Only the one that is shared counts there; without one it was found by what both have in them.
    if (shared !== undefined) return shared;
    if (parts.length > 0) return 'by the drives in it';
  }
  return sharedBy(own?.parentKnownBy ?? [], parent.aliases ?? []) ?? 'as Labkeeper works out';
}

function sharedBy(known: readonly Alias[], has: readonly Alias[]): string | undefined {
  const shared = known.filter((one) => counts(one) && has.includes(one));
  const types = [...new Set(shared.map(typeOf))];
  return types.length === 0 ? undefined : `by its ${types.map((type) => WORDS[type]).join(' and ')}`;
}

const systemOf = ({ id }: LabResource): string => id.split('/', 2).join('/');
