import type { SourceContext } from '../../../contract/source.ts';
import type { Picture } from '../picture.ts';
import { diagnose, type Patient } from './doctor.ts';

/** Reports what user and token lack, whenever that may have changed. */
export class Report {
  #seen: readonly unknown[] = [];
  #about = '';

  /** Looks again if there is anything new. */
  look(picture: Picture, { owner, report }: Pick<SourceContext, 'owner' | 'report'>): void {
    const { permissions, userPermissions, roles, account } = picture;
    const version = versionOf(picture);
    // Too early: what is missing depends on it.
    if (permissions === undefined || version === undefined) return;
    const { places } = picture;
    const guests = picture.guests.shown.map(({ vmid }) => vmid);
    const nodes = picture.nodes.rows.map(({ node }) => node);
    const storages = namesOf(places);
    const about = JSON.stringify([version, guests, nodes, storages]);
    const seen = [permissions, userPermissions, roles];
    if (about === this.#about && seen.every((one, index) => one === this.#seen[index])) return;
    this.#seen = seen;
    this.#about = about;
    const backupStorages = namesOf(places.filter(({ content }) => content.has('backup')));
    const patient: Patient = {
      ...{
        owner,
        permissions,
        userPermissions,
        roles,
        account,
        guests,
        nodes,
        storages,
        backupStorages,
        version,
      },
    };
    report(diagnose(patient));
  }
}

const namesOf = (places: readonly { readonly storage: string }[]): readonly string[] => [
  ...new Set(places.map(({ storage }) => storage)),
];

/** The oldest of the nodes decides; undefined: not known yet. Who may not ask them tells it by what he may. */
function versionOf({ nodes, permissions = {} }: Picture): number | undefined {
  const known = nodes.rows.flatMap(({ node }) => nodes.mainVersion(node) ?? []);
  if (known.length > 0) return Math.min(...known);
  const held = Object.values(permissions).flatMap((each) => Object.keys(each));
  if (held.includes('VM.Monitor')) return 8;
  return held.some((privilege) => privilege.startsWith('VM.GuestAgent.')) || !held.includes('Sys.Audit')
    ? 9
    : undefined;
}
