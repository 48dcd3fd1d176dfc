type Labels = Readonly<Record<string, string | undefined>>;

const LONGEST = 64;
/** Of a digest; two builds of one version differ in these. */
const DIGITS = 8;

/**
 * A version for people and for Home Assistant. It always holds digits of the digest: that tells two builds of one version
 * apart, and what Home Assistant cannot order it takes for newer, even where a tag went back to an older version.
 *
 * @param digest as in `sha256:…`
 */
export function versionText(labels: Labels, digest: string): string {
  const short = digest.replace(/^\w+:/, '').slice(0, DIGITS);
  const version = versionOf(labels);
  return version === undefined ? short : `${version} (${short})`;
}

/** What the image's maker calls it. Hostile: on one line, and short. */
export function versionOf(labels: Labels): string | undefined {
  const said = labels['org.opencontainers.image.version'] ?? labels['org.label-schema.version'] ?? '';
  const clean = said.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return clean === '' ? undefined : [...clean].slice(0, LONGEST).join('');
}

/** Where its maker tells what is new; undefined: nowhere that a person should be sent to. */
export function releasesOf(labels: Labels): string | undefined {
  const { 'org.opencontainers.image.source': source, 'org.opencontainers.image.url': url } = labels;
  return linkOf(source) ?? linkOf(url);
}

function linkOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 255 || /[\s\p{C}<>"'`\\]/u.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  const link = new URL(text);
  const isPlace = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(link.hostname);
  if (link.protocol !== 'https:' || link.username !== '' || link.password !== '' || !isPlace)
    return undefined;
  if (link.hostname !== 'github.com') return link.href;
  const [, owner, repository] = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?(?:\/|$)/.exec(link.pathname) ?? [];
  return owner === undefined ? link.href : `https://github.com/${owner}/${repository}/releases`;
}
