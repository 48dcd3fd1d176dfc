import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Evidence, Verdict } from '../addon/src/sources/docker/registry/verdict.ts';
import { verdictOf } from '../addon/src/sources/docker/registry/verdict.ts';
import { releasesOf, versionText } from '../addon/src/sources/docker/registry/words.ts';
import type { ImageInspect } from '../addon/src/sources/docker/wire.ts';

const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;
/** Index digests: what runs, and what the tag points at by now. */
const [OLD, NEW] = [sha('a'), sha('b')];
/** Image ids of an engine that keeps images in its own way. */
const [OLD_ID, NEW_ID] = [sha('1'), sha('2')];

function image(Id: string, ...digests: string[]): ImageInspect {
  return { Id, RepoDigests: digests };
}

const usual: Evidence = {
  asked: 'nginx:1',
  imageId: OLD_ID,
  labels: {},
  running: image(OLD_ID, `nginx@${OLD}`),
  local: image(OLD_ID, `nginx@${OLD}`),
  remote: { kind: 'found', digest: NEW },
};
const found = (digest: string) => ({ kind: 'found', digest }) as const;

interface Expected {
  readonly kind: Verdict['kind'];
  readonly installed?: string;
  readonly latest?: string;
  readonly reason?: RegExp;
}

suite('how a container’s image stands to its tag', () => {
  const table: [title: string, change: Partial<Evidence>, expected: Expected][] = [
    ['the tag moved on', {}, { kind: 'available', installed: OLD, latest: NEW }],
    ['the tag is where it was', { remote: found(OLD) }, { kind: 'current', installed: OLD, latest: OLD }],
    [
      'one image that two indexes hold',
      { running: image(OLD_ID, `nginx@${OLD}`, `nginx@${NEW}`) },
      { kind: 'current', installed: NEW, latest: NEW },
    ],
    [
      'pulled, and the container not recreated',
      { local: image(NEW_ID, `nginx@${NEW}`) },
      { kind: 'pulled', installed: OLD, latest: NEW },
    ],
    [
      'pulled, and the tag moved on since',
      { local: image(NEW_ID, `nginx@${sha('c')}`) },
      { kind: 'available', installed: OLD, latest: NEW },
    ],
    [
      'pulled, while the registry does not answer',
      { local: image(NEW_ID, `nginx@${NEW}`), remote: { kind: 'unknown', reason: 'down' } },
      { kind: 'pulled', installed: OLD, latest: NEW },
    ],
    [
      'another image got the tag here, and the registry has what runs',
      { local: image(NEW_ID), remote: found(OLD) },
      { kind: 'current' },
    ],
    [
      'an engine whose ids are the registry’s digests',
      { imageId: OLD, running: image(OLD), local: image(OLD), remote: found(OLD) },
      { kind: 'current', installed: OLD },
    ],
    [
      'such an engine, pulled, the old image not listed any more',
      { imageId: OLD, running: undefined, local: image(NEW, `nginx@${NEW}`) },
      { kind: 'pulled', installed: OLD, latest: NEW },
    ],
    ['built here', { running: image(OLD_ID), local: image(OLD_ID) }, { kind: 'none', reason: /built here/ }],
    [
      'built here again',
      { running: image(OLD_ID), local: image(NEW_ID), remote: { kind: 'unknown', reason: '' } },
      { kind: 'pulled', installed: OLD_ID, latest: NEW_ID },
    ],
    [
      'got its name here',
      { asked: 'mine:1', running: image(OLD_ID, `nginx@${OLD}`) },
      { kind: 'none', reason: /not pulled under this name/ },
    ],
    ['pinned', { asked: `nginx:1@${OLD}` }, { kind: 'none', reason: /pinned/ }],
    ['known by its id only', { asked: OLD_ID }, { kind: 'none', reason: /by an id/ }],
    ['no proper name', { asked: '../../x' }, { kind: 'none' }],
    ['our label', { labels: { 'labkeeper.update': 'false' } }, { kind: 'none', reason: /labkeeper\.update/ }],
    ['our label, shouted', { labels: { 'labkeeper.update': ' FALSE ' } }, { kind: 'none' }],
    ['our label, the other way', { labels: { 'labkeeper.update': 'true' } }, { kind: 'available' }],
    ['WUD’s label', { labels: { 'wud.watch': 'false' } }, { kind: 'none', reason: /wud\.watch/ }],
    [
      'Watchtower’s label',
      { labels: { 'com.centurylinklabs.watchtower.enable': 'false' } },
      { kind: 'none', reason: /watchtower/ },
    ],
    ['the tag is gone', { remote: { kind: 'gone' } }, { kind: 'unknown', reason: /no such tag/ }],
    ['no answer', { remote: { kind: 'unknown', reason: 'down' } }, { kind: 'unknown', reason: /down/ }],
    ['its image is gone from the engine', { running: undefined, local: undefined }, { kind: 'unknown' }],
    ['the same under Docker Hub’s full name', { asked: 'docker.io/library/nginx:1' }, { kind: 'available' }],
    ['lists that are null', { running: { Id: OLD_ID, RepoDigests: null } }, { kind: 'none' }],
    ['lists that make no sense', { running: image(OLD_ID, '<none>@<none>', '') }, { kind: 'none' }],
  ];
  for (const [title, change, { reason, ...expected }] of table) {
    test(title, () => {
      const verdict = verdictOf({ ...usual, ...change });
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((key) => [key, verdict[key as keyof Verdict]])),
        expected,
      );
      if (reason !== undefined) assert.match('reason' in verdict ? verdict.reason : '', reason);
    });
  }
});

suite('what people read of an image', () => {
  test('a version holds digits of its digest, so two builds of it differ', () => {
    const labels = { 'org.opencontainers.image.version': '1.27.0' };
    assert.equal(versionText(labels, OLD), '1.27.0 (aaaaaaaa)');
    assert.equal(versionText({}, NEW), 'bbbbbbbb');
    assert.equal(versionText({ 'org.label-schema.version': '2' }, NEW), '2 (bbbbbbbb)');
  });

  test('a version is one short line whatever the label holds', () => {
    const hostile = `1\n\u202e2\u0000 ${'x'.repeat(500)}`;
    const text = versionText({ 'org.opencontainers.image.version': hostile }, OLD);
    assert.match(text, /^1 2 x+ \(aaaaaaaa\)$/);
    assert.ok(text.length < 80);
    assert.equal(versionText({ 'org.opencontainers.image.version': ' \n ' }, OLD), 'aaaaaaaa');
  });

  const links: [source: string, expected: string | undefined][] = [
    ['https://github.com/linuxserver/docker-plex', 'https://github.com/linuxserver/docker-plex/releases'],
    ['https://github.com/a/b.git', 'https://github.com/a/b/releases'],
    ['https://github.com/a/b/tree/main/c?x=1#y', 'https://github.com/a/b/releases'],
    ['https://gitlab.com/a/b', 'https://gitlab.com/a/b'],
    ['https://github.com', 'https://github.com/'],
    ['http://github.com/a/b', undefined],
    ['javascript:alert(1)', undefined],
    ['https://user:password@example.com/', undefined],
    ['https://localhost/x', undefined],
    ['https://example.com/"><script>', undefined],
    ['https://example.com/a b', undefined],
    [`https://example.com/${'a'.repeat(300)}`, undefined],
    ['github.com/a/b', undefined],
    ['', undefined],
  ];
  for (const [source, expected] of links) {
    test(`a link is an https address: ${source.slice(0, 50)}`, () =>
      assert.equal(releasesOf({ 'org.opencontainers.image.source': source }), expected));
  }

  test('the page of the project where the source is no link', () => {
    const labels = {
      'org.opencontainers.image.source': 'x',
      'org.opencontainers.image.url': 'https://a.example/',
    };
    assert.equal(releasesOf(labels), 'https://a.example/');
  });
});
