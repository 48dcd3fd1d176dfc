import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { outlineOf, sourceOf } from '../addon/src/sources/docker/compose-file/outline.ts';
import { portText } from '../addon/src/sources/docker/compose-file/ports.ts';
import { filled, variablesFile, variablesIn } from '../addon/src/sources/docker/compose-file/variables.ts';
import { firstIn, packed } from '../addon/src/sources/docker/provision/tar.ts';
import { unpacked } from '../simulators/docker/archive.ts';

const web = (more: string): string => `services:\n  web:\n    image: a\n${more}`;
const outline = (text: string, variables = {}) => outlineOf(text, 'shop', variables);
const refused = (text: string, message: RegExp): void =>
  assert.throws(() => outline(text), { code: 'input_invalid', path: 'input.compose', message });

/** Texts with variables, which `%` stands for here. */
const v = (text: string): string => text.replaceAll('%', '$');

suite('a Compose file that somebody hands in', () => {
  test('is refused before it takes long to read: large, deep, or short and huge', () => {
    refused(`#${'x'.repeat(65_536)}`, /is longer than 64 KiB/);
    refused('['.repeat(60_000), /nested deeper than 32 levels/);
    refused('- '.repeat(30_000), /nested deeper than 32 levels/);
    refused(Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /nested deeper/);
    const bomb = ['a: &a [1,1,1,1,1,1,1,1,1]'];
    for (let index = 1; index < 12; index += 1) {
      const [name, of] = [String.fromCharCode(97 + index), String.fromCharCode(96 + index)];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join()}]`);
    }
    refused(bomb.join('\n'), /has more than 20000 pieces, with its aliases/);
    refused('a: &a\n  b: *a', /line 2: the alias \*a stands for what it is in/);
  });

  test('is refused with the line where something is wrong', () => {
    refused(web('    ports: [nonsense]'), /line 4: “nonsense” is no port/);
    refused(web('    ports: ["1-2:80-85"]'), /line 4: .* not equally many ports/);
    refused(web('    volumes: ["data:/data"]'), /data is used, and does not stand under volumes/);
    refused(web('    volumes: ["/a:b"]'), /line 4: “b” is no whole path/);
    refused(web('    extends: base'), /line 4: extends: write out/);
    refused(`include: [a.yaml]\n${web('')}`, /line 1: include/);
    refused('services:\n  "a b": {image: x}', /line 2: “a b” is no name of a service/);
    refused('services:\n  web:\n    restart: always', /web has no image/);
    refused(`${web('')}---\n${web('')}`, /more than one file/);
    refused(web('    container_name: "../x"'), /no name of a container/);
    refused('', /it has no services/);
    refused(web('\tx: 1'), /the Compose file, line/);
  });

  test('names all variables that nobody has set, and what they are needed for', () => {
    refused(
      v('services:\n  web:\n    image: %{NAME}:%{TAG:-1}\n    user: %WHO\n'),
      /NAME \(line 3\), WHO \(line 4\)$/,
    );
    assert.equal(outline(v('services: {web: {image: "a:%{TAG:-1}"}}')).services[0]?.image, 'a:1');
  });

  test('is told of by the names that the engine has', () => {
    const read = outline(
      `services:
  web:
    image: a
    ports: ["127.0.0.1:8000-8001:80-81", "[::1]:53:53/udp", 9000, "0.0.0.0:1:1"]
    volumes: [data:/data/, ./x/../y:/y, old:/old:ro]
    networks: [front, default]
  later: {image: b, profiles: [debug]}
volumes: {data: , old: {external: true, name: archive}}
networks: {front: {name: edge}}
`,
    );
    assert.deepEqual(
      read.services.map(({ name }) => name),
      ['web'],
    );
    const [service] = read.services;
    assert.deepEqual(service?.ports.map(portText), [
      '127.0.0.1:8000-8001/tcp',
      '[::1]:53/udp',
      'any/tcp',
      '1/tcp',
    ]);
    assert.deepEqual(
      service?.mounts.map((mount) => [
        sourceOf(mount, read, '/opt/stacks/shop'),
        mount.target,
        mount.isReadOnly,
      ]),
      [
        ['shop_data', '/data', false],
        ['/opt/stacks/shop/y', '/y', false],
        ['archive', '/old', true],
      ],
    );
    assert.deepEqual(
      read.networks.map(({ name }) => name),
      ['edge', 'shop_default'],
    );
  });

  test('says which of its lines need something beside it', () => {
    const { outside } = outline(
      `services:
  web:
    image: a
    volumes: ["/whole:/a", "~/home:/b", {type: bind, source: ./c, target: /c}]
    env_file: [{path: a.env, required: false}, b.env]
  made:
    build: .
secrets: {key: {file: ./key.txt}, other: {environment: KEY}}
volumes: {data: {driver_opts: {type: none, o: bind, device: ./d}}}
`,
    );
    assert.deepEqual(
      outside.map(({ line, what, file }) => [line, what, file]),
      [
        [4, 'a relative folder (~/home)', undefined],
        [4, 'a relative folder (./c)', undefined],
        [5, 'env_file (a.env)', undefined],
        [5, 'env_file (b.env)', 'b.env'],
        [7, 'build', undefined],
        [8, 'a secret from a file (./key.txt)', './key.txt'],
        [9, 'a relative folder (./d)', undefined],
      ],
    );
  });

  test('gets its variables as Compose puts them in', () => {
    const variables = { A: 'a', EMPTY: '' };
    for (const [text, expected] of [
      ['%A-%{A}', 'a-a'],
      ['%%A', v('%A')],
      ['%{B:-x%{A}}', 'xa'],
      ['%{EMPTY:-x}%{EMPTY-y}', 'x'],
      ['%{A:+yes}%{EMPTY:+no}%{EMPTY+yes}', 'yesyes'],
      ['%{A:?why}', 'a'],
    ] as const)
      assert.equal(filled(v(text), variables).text, expected, text);
    assert.deepEqual(filled(v('%{B} %{C:?why}'), variables).unset, ['B', 'C']);
    for (const bad of ['%{', '%-', '%{A B}', '%{}'])
      assert.throws(() => filled(v(bad), {}), { code: 'input_invalid' }, bad);
  });

  test('has values of any kind in its file of variables, or it is said which cannot be', () => {
    for (const value of ["it's", v('a "b" %C %{D} #e'), 'two\nlines', ' space ', 'C:\\x\\y', '', 'C:\\dir\\'])
      assert.deepEqual(variablesIn(variablesFile({ A: value, B: 'b' })), { A: value, B: 'b' }, value);
    assert.throws(() => variablesFile({ A: "$x\\'" }), {
      message: /no file of variables can hold the value of A/,
    });
  });

  test('travels in an archive as it is, in its order, folders first', () => {
    const files = [
      { path: 'a/b/c.txt', text: 'é'.repeat(300) },
      { path: '.env', text: '' },
      { path: 'x', text: 'last' },
    ];
    const archive = packed(files, 1_800_000_000.5);
    assert.equal(archive.length % 512, 0);
    assert.deepEqual(
      [...unpacked(archive, '/f')],
      files.map(({ path, text }) => [`/f/${path}`, text]),
    );
    assert.equal(firstIn(archive), files[0]?.text);
    assert.throws(() => packed([{ path: 'x'.repeat(101), text: '' }], 0), { code: 'input_invalid' });
  });
});
