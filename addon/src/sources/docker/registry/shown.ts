import { createHash } from 'node:crypto';
import type { LabResource, LabResourceOf } from '../../../kinds/index.ts';
import { releasesOf } from './words.ts';

/** How a container's image stands, in words for people. */
export type Standing =
  | { readonly state: 'none'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string; readonly installed: string }
  | {
      readonly state: 'current' | 'available' | 'pulled';
      readonly installed: string;
      readonly latest: string;
      readonly releases?: string | undefined;
      readonly labels?: Readonly<Record<string, string>>;
    };

type ImageReadings = Pick<
  LabResourceOf<'container'>['readings'],
  'image_version' | 'image_latest' | 'image_news' | 'image_releases' | 'image_state'
>;

/** A container or a stack with what is known of its images; anything else as it is. */
export function shownOn(
  resource: LabResource,
  standings: ReadonlyMap<string, Standing>,
  all: readonly LabResource[],
): LabResource {
  if (resource.kind === 'container') {
    const standing = standings.get(resource.id);
    if (standing === undefined) return resource;
    const reason = 'reason' in standing ? standing.reason : '';
    return {
      ...resource,
      readings: { ...resource.readings, ...readingsOf(standing) },
      facts: { ...resource.facts, ...(reason !== '' && { image_update: reason }) },
    };
  }
  if (resource.kind !== 'stack') return resource;
  const members = all.flatMap(({ id, name, parent }) => {
    const standing = parent === resource.id ? standings.get(id) : undefined;
    return standing === undefined || standing.state === 'none' ? [] : [{ name, standing }];
  });
  if (members.length === 0) return resource;
  return { ...resource, readings: { ...resource.readings, ...stackReadings(members) } };
}

function readingsOf(standing: Standing): ImageReadings {
  if (standing.state === 'none') return {};
  if (standing.state === 'unknown') {
    return { image_version: standing.installed, image_latest: null, image_news: null, image_state: null };
  }
  const { state, installed, latest, releases = releasesOf(standing.labels ?? {}) } = standing;
  return {
    image_version: installed,
    image_latest: latest,
    image_news: state === 'pulled' ? 'Pulled already; the container has to be recreated.' : '',
    ...(releases !== undefined && { image_releases: releases }),
    image_state: state,
  };
}

/** A stack has no version of its own: its members’ make one, so that one update can be skipped and the next is told. */
function stackReadings(
  members: readonly { readonly name: string; readonly standing: Exclude<Standing, { state: 'none' }> }[],
): Pick<LabResourceOf<'stack'>['readings'], 'image_version' | 'image_latest' | 'image_news'> {
  const known = members.flatMap(({ name, standing }) =>
    standing.state === 'unknown' ? [] : [{ name, standing }],
  );
  const behind = known.filter(({ standing }) => standing.state !== 'current');
  const count = behind.length === 1 ? '1 image' : `${behind.length} images`;
  const now = digestOf(members.map(({ name, standing }) => `${name} ${standing.installed}`));
  const then = digestOf(behind.map(({ name, standing }) => `${name} ${standing.latest}`));
  return {
    image_version: now,
    image_latest: known.length === 0 ? null : behind.length === 0 ? now : `${then} (${count})`,
    image_news: behind
      .map(({ name, standing: { installed, latest } }) => `${name}: ${installed} → ${latest}`)
      .sort()
      .join(', '),
  };
}

const digestOf = (lines: readonly string[]): string =>
  createHash('sha256')
    .update([...lines].sort().join('\n'))
    .digest('hex')
    .slice(0, 8);
