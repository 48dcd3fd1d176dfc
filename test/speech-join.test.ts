import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { joinSpeech } from '../addon/src/app/speech.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { type Alias, alias, linksOf } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { devnen } from '../addon/src/sources/chatterbox/dialects/devnen.ts';
import { endpointsOf, speechOf } from '../addon/src/sources/chatterbox/map.ts';

const SPEECH = 'chatterbox/lab/speech/self';

const container = (name: string, ...aliases: readonly Alias[]): LabResource =>
  ({
    ...{
      id: `docker/lab/container/${name}`,
      kind: 'container',
      name,
      available: true,
      parent: 'docker/lab/host/self',
    },
    ...{ readings: {}, facts: {}, aliases },
  }) as unknown as LabResource;

const host = {
  ...{ id: 'docker/lab/host/self', kind: 'host', name: 'docker', available: true, readings: {}, facts: {} },
  parent: 'proxmox/home/guest/101',
} as unknown as LabResource;
const guest = {
  ...{
    id: 'proxmox/home/guest/101',
    kind: 'guest',
    name: 'docker',
    available: true,
    readings: {},
    facts: {},
  },
} as unknown as LabResource;

const card = (name: string, processes: readonly object[] | undefined, available = true): LabResource =>
  ({
    ...{ id: `gpu/lab/gpu/${name}`, kind: 'gpu', name, available, facts: {} },
    readings: { ...(processes !== undefined && { processes }) },
    links: [{ type: 'attached_to', to: guest.id }],
  }) as unknown as LabResource;

const process = (of: string, vram: number | null, pid = 1) => ({
  ...{ key: `p${pid}`, title: 'python3', pid, vram, container: `docker/lab/container/${of}` },
});

async function lab(
  url: string,
  things: readonly LabResource[],
  { memory, stated }: { memory?: number; stated?: string } = {},
) {
  const store = new Store<LabResource>();
  joinSpeech(store);
  const seen = { model: 'turbo', loaded: true, languages: undefined, voices: [], memory };
  const spoken = {
    ...{ queue: 0, firstSound: null, factor: null, characters: 0, isReplaced: false },
    ...{ voice: null, voices: [] },
  };
  const knownBy = await endpointsOf(new URL(url));
  const place = {
    owner: 'chatterbox/lab',
    title: 'Chatterbox',
    url,
    container: stated,
    knownBy,
    dialect: devnen,
  };
  store.replace('chatterbox/lab', [speechOf(seen, spoken, place)]);
  store.replace('proxmox/home', [guest]);
  store.replace('docker/lab', [host, ...things]);
  const at = () => store.get(SPEECH) as LabResourceOf<'speech'>;
  return {
    at,
    parent: () => at().parent,
    memory: () => at().readings.memory,
    cards: () =>
      linksOf(at())
        .filter(({ type }) => type === 'uses_gpu')
        .map(({ to }) => to),
    see: (...cards: readonly LabResource[]) => store.replace('gpu/lab', cards),
  };
}

const URL_8004 = 'http://10.0.20.11:8004';
const own = container('chatterbox', alias('endpoint', '10.0.20.11:8004'));
const other = container('web', alias('endpoint', '10.0.20.11:8080'));

suite('a speech server hangs under', () => {
  test('the container that publishes its port, also where its address names none', async () => {
    assert.equal((await lab(URL_8004, [own, other])).parent(), own.id);
    assert.equal((await lab('http://10.0.20.11:8080', [own, other])).parent(), other.id);
    const plain = container('plain', alias('endpoint', '10.0.20.11:80'));
    assert.equal((await lab('http://10.0.20.11', [own, plain])).parent(), plain.id);
    const tls = container('tls', alias('endpoint', '10.0.20.11:443'));
    assert.equal((await lab('https://10.0.20.11/tts', [plain, tls])).parent(), tls.id);
  });

  test('nothing at a port that nobody publishes, or that two do', async () => {
    assert.equal((await lab('http://10.0.20.11:9000', [own, other])).parent(), undefined);
    const rival = container('rival', alias('endpoint', '10.0.20.11:8004'));
    assert.equal((await lab(URL_8004, [own, rival])).parent(), undefined);
  });

  test('nothing by an address of this machine, and what a person says', async () => {
    const local = container('local', alias('endpoint', '127.0.0.1:8004'));
    assert.equal((await lab('http://127.0.0.1:8004', [local])).parent(), undefined);
    assert.equal((await lab(URL_8004, [own, other], { stated: other.id })).parent(), other.id);
  });
});

suite('of its card a speech server', () => {
  test('holds what the processes of its container hold, and uses the cards that these are on', async () => {
    const { see, memory, cards } = await lab(URL_8004, [own, other]);
    assert.equal(memory(), undefined, 'nobody tells');
    see(
      card('a', [process('chatterbox', 3.1), process('chatterbox', 0.4, 2), process('web', 2, 3)]),
      card('b', [process('web', 1, 4)]),
    );
    assert.ok(Math.abs((memory() ?? 0) - 3.5) < 1e-9);
    assert.deepEqual(cards(), ['gpu/lab/gpu/a']);
    see(card('a', [process('chatterbox', 3.1)]), card('b', [process('chatterbox', 1, 4)]));
    assert.ok(Math.abs((memory() ?? 0) - 4.1) < 1e-9);
    assert.deepEqual(cards(), ['gpu/lab/gpu/a', 'gpu/lab/gpu/b']);
  });

  test('holds nothing when it has let go of it, and it is not known how much where the card does not tell', async () => {
    const { see, memory, cards } = await lab(URL_8004, [own, other]);
    see(card('a', [process('web', 2)]));
    assert.deepEqual([memory(), cards()], [0, []]);
    see(card('a', [process('chatterbox', null)]));
    assert.deepEqual([memory(), cards()], [null, ['gpu/lab/gpu/a']]);
    see(card('a', undefined));
    assert.deepEqual([memory(), cards()], [undefined, []]);
  });

  test('says itself what it holds where it can, which counts for more', async () => {
    const { see, memory, cards } = await lab(URL_8004, [own], { memory: 2.9 });
    see(card('a', [process('chatterbox', 3.1)]));
    assert.deepEqual([memory(), cards()], [2.9, ['gpu/lab/gpu/a']]);
  });

  test('is told nothing by a card of another machine, or one that is not heard', async () => {
    const { see, memory } = await lab(URL_8004, [own]);
    see({ ...card('a', []), links: [] } as LabResource);
    assert.equal(memory(), undefined);
    see(card('a', [process('chatterbox', 3)], false));
    assert.equal(memory(), undefined);
  });
});
