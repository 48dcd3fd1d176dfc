import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { buyOrRent } from '../addon/src/lab/buy-or-rent.ts';
import { fittingNow, WORKLOADS, workloadFit } from '../addon/src/lab/workload-fit.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;

suite('buy or rent', () => {
  const used = { price: 350, cloudPrice: 0.5, busyHours: 0, since: NOW };

  test('a used RTX 3090 breaks even after 700 hours, an RTX A6000 after 2000, before electricity', () => {
    assert.equal(buyOrRent(used, NOW).hoursLeft, 700);
    assert.equal(buyOrRent({ ...used, price: 3_000, cloudPrice: 1.5 }, NOW).hoursLeft, 2_000);
  });

  test('what it was used for counts, and gives the day', () => {
    const found = buyOrRent({ ...used, busyHours: 100, since: NOW - 10 * DAY }, NOW);
    assert.equal(found.cloudAvoided, 50);
    assert.equal(found.hoursLeft, 600);
    // 10 hours a day so far.
    assert.equal(found.breakEven, NOW + 60 * DAY);
  });

  test('electricity makes it later', () => {
    const found = buyOrRent(
      { ...used, busyHours: 100, energy: 40, electricityPrice: 0.25, since: NOW - 10 * DAY },
      NOW,
    );
    assert.equal(found.cost, 360);
    assert.equal(found.hoursLeft, (360 - 50) / (0.5 - 0.1));
  });

  test('an hour that costs more than renting is never paid back', () => {
    const dear = { ...used, busyHours: 10, energy: 100, electricityPrice: 0.25 };
    assert.equal(buyOrRent(dear, NOW).hoursLeft, null);
    assert.equal(buyOrRent(dear, NOW).breakEven, null);
  });

  test('what has paid off has, and of the first day no pace is known', () => {
    assert.equal(buyOrRent({ ...used, busyHours: 800 }, NOW).hoursLeft, 0);
    assert.equal(buyOrRent({ ...used, busyHours: 2, since: NOW - DAY / 2 }, NOW).breakEven, null);
  });
});

suite('workloads', () => {
  const nameOf = (id: string): string | undefined => ({ 'docker/lab/container/tts': 'chatterbox' })[id];
  const fitOf = (readings: Parameters<typeof workloadFit>[0], id: string) =>
    workloadFit(readings, WORKLOADS, nameOf).find(({ key }) => key === id);

  test('of a card of 24 GB: all but the largest fit the card', () => {
    const empty = { vram_total: 23.99, vram_free: 23.6 };
    const fits = workloadFit(empty, WORKLOADS, nameOf);
    assert.deepEqual(
      fits.filter(({ fits_card }) => !fits_card).map(({ key }) => key),
      ['finetune_7b_full'],
    );
    assert.equal(fitOf(empty, 'train_large')?.fits_now, true);
    assert.equal(fitOf(empty, 'train_large')?.stop, 'none');
    assert.equal(fitOf(empty, 'finetune_7b_full')?.stop, null);
  });

  test('what is in the way is named, the least that is enough', () => {
    const busy = {
      ...{ vram_total: 24, vram_free: 10 },
      processes: [
        { key: 'a', title: 'python3', pid: 1, vram: 6.2, container: 'docker/lab/container/tts' },
        { key: 'b', title: 'ffmpeg', pid: 2, vram: 1.5 },
        { key: 'c', title: 'comfy', pid: 3, vram: 6 },
      ],
    };
    assert.equal(fitOf(busy, 'chatterbox')?.stop, 'none');
    assert.equal(fitOf(busy, 'train_small')?.stop, 'ffmpeg');
    assert.equal(fitOf(busy, 'lora')?.stop, 'chatterbox, comfy');
    assert.equal(fittingNow(workloadFit(busy, WORKLOADS, nameOf)), 'Chatterbox');
  });

  test('nothing is said of what is not known', () => {
    const unknown = workloadFit({ vram_total: 24, vram_free: null }, WORKLOADS, nameOf);
    assert.equal(fittingNow(unknown), null);
    assert.ok(unknown.every(({ stop }) => stop === null));
    const silent = fitOf({ vram_total: 24, vram_free: 2 }, 'lora');
    assert.equal(silent?.stop, null, 'nobody knows what uses it');
  });
});
