import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { foldersOf, isInPortainer, projectOf } from '../addon/src/sources/docker/stacks/project.ts';
import { relativeBinds } from '../addon/src/sources/docker/stacks/relative.ts';
import { composeLabels } from '../simulators/docker/seed.ts';

suite('the file of a stack', () => {
  test('names paths that begin at itself, with their lines', () => {
    const file = [
      'x-common: &common', // 1
      '  image: a', // 2
      '  volumes:', // 3
      '    - ~/notes:/notes', // 4
      'services:', // 5
      '  web:', // 6
      '    <<: *common', // 7
      '    volumes:', // 8
      '      - /srv/media:/media', // 9
      '      - data:/data', // 10
      '      - ./conf:/conf:ro', // 11
      '      - type: bind', // 12
      '        source: ../shared', // 13
      '        target: /shared', // 14
      '      - {type: volume, source: ./not-a-path, target: /x}', // 15
      '      - .:/all', // 16
      '      - .hidden-volume:/hidden', // 17
      '  other: *common', // 18
      'volumes: {data: {}}',
    ].join('\n');
    assert.deepEqual(relativeBinds(file), [
      { line: 11, path: './conf' },
      { line: 12, path: '../shared' },
      { line: 16, path: '.' },
      { line: 4, path: '~/notes' },
    ]);
  });

  test('that is none names nothing', () => {
    for (const text of [
      '',
      '[]',
      'services: 3',
      'services:\n  a: null',
      '{',
      'services: {a: {volumes: [3, null]}}',
    ])
      assert.deepEqual(relativeBinds(text), [], text);
  });

  const made = (labels: Readonly<Record<string, string>>) => ({ Config: { Labels: labels } });
  const files = 'com.docker.compose.project.config_files';

  test('is where Compose found it', () => {
    const labels = {
      ...composeLabels('shop', 'web'),
      [files]: '/opt/stacks/shop/compose.yaml,/etc/shop/more.yaml',
      'com.docker.compose.project.environment_file': '/opt/stacks/shop/live.env',
    };
    const project = projectOf([made(labels), made(labels), made({ other: '1' })]);
    assert.deepEqual(project, {
      ...{ name: 'shop', folder: '/opt/stacks/shop', variables: ['/opt/stacks/shop/live.env'] },
      files: ['/opt/stacks/shop/compose.yaml', '/etc/shop/more.yaml'],
    });
    assert.deepEqual(foldersOf(project ?? assert.fail()), ['/opt/stacks/shop', '/etc/shop']);
    assert.equal(isInPortainer(project ?? assert.fail()), false);
  });

  test('is told from its folder by older versions', () => {
    const labels = { ...composeLabels('shop', 'web'), [files]: 'docker-compose.yml' };
    assert.deepEqual(projectOf([made(labels)])?.files, ['/opt/stacks/shop/docker-compose.yml']);
  });

  test('is none where it was a pipe, or containers name different ones', () => {
    const piped = { ...composeLabels('shop', 'web'), [files]: '-' };
    assert.deepEqual(projectOf([made(piped)])?.files, []);
    const other = { ...composeLabels('shop', 'db'), [files]: '/tmp/other.yaml' };
    assert.deepEqual(projectOf([made(composeLabels('shop', 'web')), made(other)])?.files, []);
    assert.equal(projectOf([made({})]), undefined);
  });

  test('is inside Portainer where that keeps it', () => {
    const labels = (folder: string) => ({
      ...composeLabels('shop', 'web'),
      'com.docker.compose.project.working_dir': folder,
    });
    assert.equal(isInPortainer(projectOf([made(labels('/data/compose/12'))]) ?? assert.fail()), true);
    assert.equal(isInPortainer(projectOf([made(labels('/data/compose/12/v3'))]) ?? assert.fail()), true);
    assert.equal(isInPortainer(projectOf([made(labels('/data/compose/shop'))]) ?? assert.fail()), false);
  });
});
