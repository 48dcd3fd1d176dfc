import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../scripts/build/flags.ts';
import { nodeEnv } from '../scripts/build/node-env.ts';
import { securityRating } from './helpers/supervisor-config.ts';

const ROOT = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const config = parse(read('addon/config.yaml'));
const project = JSON.parse(read('package.json'));
const PROFILE = 'addon/apparmor.txt';
/** Files of the project, new ones too. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .split('\n');

suite('the package of the app', () => {
  test('is as safe as the Supervisor can call one', () => {
    assert.equal(securityRating(config, existsSync(path.join(ROOT, PROFILE))), 8);
    for (const less of [
      { docker_api: true },
      { host_network: true },
      { ingress: false },
      { hassio_role: 'admin' },
    ])
      assert.ok(securityRating({ ...config, ...less }, true) < 8, JSON.stringify(less));
    assert.equal(securityRating(config, false), 7);
  });

  test('asks for no more than it uses', () => {
    const { services, discovery, homeassistant_api, map } = config;
    assert.deepEqual(
      [services, discovery, homeassistant_api],
      [['mqtt:want'], ['labkeeper', 'wyoming'], true],
    );
    assert.deepEqual(map, [{ type: 'app_config', read_only: false }]);
    const rights = [
      'hassio_api',
      'privileged',
      'devices',
      'full_access',
      'host_pid',
      'host_ipc',
      'auth_api',
      'stdin',
    ];
    assert.deepEqual(
      rights.filter((right) => right in config),
      [],
    );
  });

  test('has one version, and an image by the project’s name', () => {
    assert.equal(config.version, project.version);
    assert.equal(config.url, project.homepage);
    assert.equal(parse(read('repository.yaml')).url, project.homepage);
    assert.equal(config.image, `ghcr.io/${project.homepage.split('/').slice(-2).join('/')}`);
    assert.ok(read('docs/compose.yaml').includes(`image: ${config.image}:${project.version}`));
  });

  test('has what the store shows', () => {
    const sizeOf = (file: string): readonly number[] => {
      const png = readFileSync(path.join(ROOT, file));
      assert.equal(png.subarray(1, 4).toString(), 'PNG');
      return [png.readUInt32BE(16), png.readUInt32BE(20)];
    };
    assert.deepEqual(sizeOf('addon/icon.png'), [128, 128]);
    assert.deepEqual(sizeOf('addon/logo.png'), [250, 100]);
    assert.equal(read('addon/DOCS.md'), read('DOCS.md'));
    assert.equal(read('addon/CHANGELOG.md'), read('CHANGELOG.md'));
    assert.match(read('addon/README.md'), /^# Labkeeper$/m);
  });

  test('is the only one that the Supervisor finds in the project', () => {
    const found = files.filter((file) => /(^|\/)config\.(yaml|yml|json)$/.test(file));
    assert.deepEqual(found, ['addon/config.yaml']);
    assert.deepEqual(
      files.filter((file) => /(^|\/)(build|repository)\.(yaml|yml|json)$/.test(file)),
      ['repository.yaml'],
    );
  });

  test('has one AppArmor profile, under its own name, that needs no rename within', () => {
    const names = [...read(PROFILE).matchAll(/^profile ([^ ]+).*$/gm)].map(([, name]) => name);
    assert.deepEqual(names, [config.slug]);
    assert.equal(read(PROFILE).split(`=${config.slug}`).length, 1, 'no rule may name it');
  });
});

test('a release makes an image for each architecture', () => {
  const text = read('.github/workflows/release.yml');
  const { jobs } = parse(text);
  const built = jobs.image.strategy.matrix.include.map(({ arch }: { arch: string }) => arch);
  assert.deepEqual(built.toSorted(), config.arch.toSorted());
  for (const arch of config.arch) assert.ok(text.includes(`"$IMAGE:$VERSION-${arch}"`), arch);
});

test('a release of the integration has the cards, which are not in git', () => {
  const { jobs } = parse(read('.github/workflows/release.yml'));
  const steps: readonly { name?: string; run?: string }[] = jobs.publish.steps;
  const { filename } = JSON.parse(read('hacs.json'));
  const { run = '' } = steps.find(({ name }) => name === 'Integration for HACS') ?? {};
  assert.match(run, new RegExp(`npm run build\\n[^]*www/labkeeper-card.js\\n[^]*zip .*/${filename}`));
  assert.ok(steps.some(({ run: each }) => each?.startsWith('gh release create') && each.includes(filename)));
});

test('each blueprint is imported by a link of the documentation', () => {
  const source = `${project.homepage}/blob/main/`;
  const [, ...linked] = read('DOCS.md').split('/redirect/blueprint_import/?blueprint_url=');
  const found = linked.map((text) => decodeURIComponent(text.slice(0, text.indexOf(')'))));
  const blueprints = files.filter((file) => file.startsWith('blueprints/'));
  assert.deepEqual(found.toSorted(), blueprints.map((file) => `${source}${file}`).toSorted());
  for (const file of blueprints) assert.ok(read(file).includes(`source_url: ${source}${file}`), file);
});

suite('the image', () => {
  test('has Node.js run as it was measured', () => {
    const said = execFileSync('sh', ['-c', 'eval "$1"; echo "$NODE_FLAGS"; env', 'sh', nodeEnv()]);
    const [flags, ...environment] = said.toString().trim().split('\n');
    assert.deepEqual(flags?.split(' '), NODE_FLAGS);
    for (const [name, value] of Object.entries(NODE_ENVIRONMENT))
      assert.ok(environment.includes(`${name}=${value}`), name);
  });

  test('is built from nothing but what .dockerignore lets in', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, list]) =>
      (list as string).split(' '),
    );
    const let_in = [...read('.dockerignore').matchAll(/^!(.*)$/gm)].map(([, file]) => file as string);
    assert.ok(copied.length > 3);
    for (const file of copied) {
      assert.ok(existsSync(path.join(ROOT, file)), file);
      assert.ok(
        let_in.some(
          (entry) => file === entry || file.startsWith(`${entry}/`) || entry.startsWith(`${file}/`),
        ),
        file,
      );
    }
  });
});
