import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../addon/src/core/clock.ts';
import { slug } from '../addon/src/core/ids.ts';
import { Secrets } from '../addon/src/core/secrets.ts';
import { deviceNames } from '../addon/src/entities/names.ts';
import { defaultSettings } from '../addon/src/entities/settings.ts';
import { statesOf } from '../addon/src/entities/states.ts';
import { withDeadline } from '../addon/src/net/deadline.ts';
import { aContainer, aHost } from './helpers/samples.ts';

test('a secret that begins another leaves nothing of it', () => {
  const s = new Secrets();
  s.add('hunter');
  s.add('hunter22');
  assert.equal(s.redact('hunter22'), '***');
});
test('slug of Straße and Smørrebrød as Home Assistant makes it', () => {
  assert.deepEqual([slug('Straße'), slug('Smørrebrød')], ['strasse', 'smorrebrod']);
});
test('no unhandled rejection when the caller is aborted and the exchange throws at once', async () => {
  const un: unknown[] = [];
  const on = (e: unknown) => un.push(e);
  process.on('unhandledRejection', on);
  await assert.rejects(
    withDeadline(systemClock, 'x', 10, AbortSignal.abort(new Error('outer')), () => {
      throw new Error('sync');
    }),
  );
  await new Promise((r) => setTimeout(r, 20));
  process.off('unhandledRejection', on);
  assert.deepEqual(un, []);
});
test('a long name is not cut inside a character', () => {
  const name = deviceNames([aHost({ name: `${'x'.repeat(99)}😀` })])
    .values()
    .next().value as string;
  assert.ok(name.isWellFormed());
});
test('a state is never longer than the 255 characters that Home Assistant takes', () => {
  const c = aContainer({ readings: { image: `registry/${'x'.repeat(300)}` } });
  const [state] = statesOf(c, { ...defaultSettings, level: 'all' }).values();
  assert.ok(JSON.parse(state as string).image.length <= 255);
});
