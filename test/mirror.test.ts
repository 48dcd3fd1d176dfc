import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { digestOf, Mirror } from '../addon/src/mqtt/mirror.ts';

const ID = 'docker_nas_host_engine';

/** A mirror of a broker that holds `payload`. */
function holding(payload: string): Mirror {
  const mirror = new Mirror();
  mirror.take(ID, payload, true);
  return mirror;
}

suite('mirror of the broker', () => {
  test('knows what the broker kept', () => {
    const mirror = holding('one');
    assert.equal(mirror.holds(ID), digestOf('one'));
    assert.equal(mirror.holds('other'), '');
    mirror.reset();
    assert.equal(mirror.holds(ID), '', 'a new connection tells anew');
  });

  test('tells our own messages from those of others', () => {
    const mirror = new Mirror();
    mirror.expect(ID, 'one');
    assert.equal(mirror.holds(ID), digestOf('one'), 'it is on its way');
    assert.equal(mirror.take(ID, 'one', false), 'echo');
    assert.equal(mirror.take(ID, 'one', false), 'same');
    assert.equal(mirror.take(ID, 'two', false), 'foreign');
    assert.equal(mirror.holds(ID), digestOf('two'));
  });

  test('notices when somebody takes ours away, once', () => {
    const mirror = holding('one');
    assert.equal(mirror.take(ID, '', false), 'emptied');
    assert.equal(mirror.take(ID, '', false), 'same', 'Home Assistant says it for each entity');
  });

  test('does not take our own removal for that', () => {
    const mirror = holding('one');
    mirror.expect(ID, '');
    assert.equal(mirror.take(ID, '', false), 'echo');
    assert.equal(mirror.take(ID, '', false), 'same');
  });

  test('nor one that crosses ours', () => {
    const mirror = holding('one');
    mirror.expect(ID, '');
    mirror.expect(ID, 'two');
    assert.deepEqual(
      ['', '', 'two'].map((payload) => mirror.take(ID, payload, false)),
      ['echo', 'same', 'echo'],
    );
  });

  test('hears a removal between two of ours', () => {
    const mirror = holding('one');
    mirror.expect(ID, 'two');
    assert.equal(mirror.take(ID, '', false), 'emptied');
    assert.equal(mirror.take(ID, 'two', false), 'echo', 'it came after: the broker holds it now');
  });

  test('gets along without an echo that the broker dropped', () => {
    const mirror = new Mirror();
    mirror.expect(ID, 'one');
    mirror.expect(ID, 'two');
    assert.equal(mirror.take(ID, 'two', false), 'echo');
    assert.equal(mirror.take(ID, '', false), 'emptied');
  });

  test('knows a removal of ours that the client sends again after the connection was lost', () => {
    const mirror = holding('one');
    mirror.expect(ID, '');
    mirror.reset();
    mirror.take(ID, 'one', true);
    assert.equal(mirror.take(ID, '', false), 'echo');
    mirror.expect(ID, 'two');
    mirror.take(ID, 'two', false);
    assert.equal(mirror.take(ID, '', false), 'emptied', 'but only once');
  });
});
