import type { LabResource, LabResourceOf } from '../../../kinds/index.ts';
import type { GuestConfig } from '../guest/wire.ts';
import type { VolumeRow } from '../storage/wire.ts';
import { type Backup, backupsIn, type Evidence } from './backup.ts';
import { isCovered, type Jobs } from './coverage.ts';
import { gapsOf, type PlaceEvidence } from './gaps.ts';
import { type ProtectionReadings, protectionOf, steady } from './protection.ts';
import { seesBackups, seesStorages } from './rights.ts';
import type { ShieldView } from './shield-view.ts';

/** Storages that are not shown. */
const HIDDEN: Evidence = { of: () => [], isComplete: () => false };

/** Tells how guests are protected. No I/O. */
export class Shield {
  #jobs: Jobs | undefined;
  #missing = '';
  readonly #sorted = new WeakMap<readonly VolumeRow[], ReadonlyMap<number, readonly Backup[]>>();
  #told: ReadonlyMap<number, ProtectionReadings> = new Map();

  /** Takes what decides which guests are backed up regularly. */
  planned(jobs: Jobs): void {
    this.#jobs = jobs;
  }

  /** Takes which rights are missing. @returns whether others were missing before */
  misses(rights: readonly string[]): boolean {
    const before = this.#missing;
    this.#missing = rights.join();
    return before !== this.#missing;
  }

  /** The guests among resources, each with how it is protected. */
  shownOn(resources: readonly LabResourceOf<'guest'>[], view: ShieldView): readonly LabResource[] {
    const { may } = view;
    const evidence = this.#evidenceOf(view);
    const isWhole = seesStorages(may);
    const told = new Map(
      view.guests.map((guest) => {
        const { vmid, type } = guest;
        const made = madeIn(view.configOf(vmid));
        const all = isWhole ? evidence : [...evidence, HIDDEN];
        const now = protectionOf({ vmid, type, made }, all, isCovered(guest, this.#jobs));
        const shown = steady(now, this.#told.get(vmid), view.contents.isLocked(vmid));
        return [vmid, { ...shown, ...(isWhole && gapsOf({ vmid, type, made }, evidence, view)) }];
      }),
    );
    this.#told = told;
    return resources.map((resource) => {
      const readings = told.get(Number(resource.facts.vmid));
      return readings === undefined
        ? resource
        : { ...resource, readings: { ...resource.readings, ...readings } };
    });
  }

  #evidenceOf({ places, contents, may }: ShieldView): readonly PlaceEvidence[] {
    return places
      .filter(({ content }) => content.has('backup'))
      .map((place) => {
        const { path, storage } = place;
        const volumes = contents.volumesOn(path);
        const backups = volumes && this.#backupsIn(volumes);
        return {
          place,
          of: (vmid) => backups?.get(vmid) ?? [],
          isComplete: (vmid) =>
            backups !== undefined && contents.isFresh(path) && seesBackups(may, storage, vmid),
        };
      });
  }

  /** By vmid. What lies on a storage is looked through once, not with each list. */
  #backupsIn(volumes: readonly VolumeRow[]): ReadonlyMap<number, readonly Backup[]> {
    const known = this.#sorted.get(volumes);
    if (known !== undefined) return known;
    const sorted = Map.groupBy(backupsIn(volumes), ({ vmid }) => vmid);
    this.#sorted.set(volumes, sorted);
    return sorted;
  }
}

/** When a machine was made, as its configuration keeps it over backup and restore; seconds since 1970. */
function madeIn(config: GuestConfig | undefined): number | undefined {
  const said = /\bctime=(\d+)/.exec(String(config?.meta ?? ''))?.[1];
  return said === undefined ? undefined : Number(said);
}
