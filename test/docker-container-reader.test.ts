import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ContainerReader } from '../addon/src/sources/docker/container-reader.ts';
import { Picture } from '../addon/src/sources/docker/picture.ts';
import type { ContainerInspect } from '../addon/src/sources/docker/wire.ts';
import { anInspect } from './helpers/docker.ts';
import { settled } from './helpers/fake-clock.ts';

const OLD = 'a'.repeat(64);
const NEW = 'b'.repeat(64);
const forever = new AbortController().signal;

/** A reader before an engine that answers when the test says so. */
function aReader() {
  const picture = new Picture({ owner: 'docker/nas', title: 'NAS', address: undefined });
  const questions: { id: string; answer: (inspect: ContainerInspect | undefined) => void }[] = [];
  const recreated: string[] = [];
  const reader = new ContainerReader({
    client: { inspect: (id) => new Promise((answer) => questions.push({ id, answer })) },
    picture,
    forget: (id) => picture.gone(id, 0, 60_000),
    wasRead: (id, before) => {
      if (before !== undefined) recreated.push(id);
    },
  });
  const read = (id: string): Promise<void> => reader.read(id, forever, () => {});
  return { picture, reader, read, questions, recreated };
}

suite('the reader of containers', () => {
  test('asks for one at a time, and once more where something happened meanwhile', async () => {
    const { read, questions, picture } = aReader();
    const reading = read(OLD);
    void read(OLD);
    void read(OLD);
    assert.equal(questions.length, 1);
    questions[0]?.answer(anInspect({ Id: OLD, Name: '/web' }));
    await settled();
    assert.equal(questions.length, 2);
    questions[1]?.answer(anInspect({ Id: OLD, Name: '/web', State: { Status: 'exited' } }));
    await reading;
    assert.equal(picture.readingsOf(OLD)?.state, 'exited');
  });

  test('takes no answer of before a removal: it would be a second recreation', async () => {
    const { read, reader, questions, picture, recreated } = aReader();
    picture.saw(anInspect({ Id: OLD, Name: '/web' }));
    const late = read(OLD);
    reader.gone(OLD);
    picture.gone(OLD, 0, 60_000);
    const next = read(NEW);
    questions[1]?.answer(anInspect({ Id: NEW, Name: '/web' }));
    await next;
    questions[0]?.answer(anInspect({ Id: OLD, Name: '/web' }));
    await late;
    assert.deepEqual(recreated, [NEW]);
    assert.deepEqual(picture.ids, [NEW]);
  });
});
