import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zoneOffset } from '../addon/src/core/time-zone.ts';

const hours = (time: string, zone: string): number | undefined => {
  const ms = zoneOffset(Date.parse(time), zone);
  return ms === undefined ? undefined : ms / 3_600_000;
};

describe('what a zone’s clocks show more than UTC', () => {
  it('follows summer time, in both halves of the world', () => {
    assert.equal(hours('2025-01-15T12:00:00Z', 'Europe/Berlin'), 1);
    assert.equal(hours('2025-07-15T12:00:00Z', 'Europe/Berlin'), 2);
    assert.equal(hours('2025-01-15T12:00:00Z', 'Europe/London'), 0);
    assert.equal(hours('2025-07-15T12:00:00Z', 'Europe/London'), 1);
    assert.equal(hours('2025-01-15T12:00:00Z', 'Australia/Sydney'), 11);
    assert.equal(hours('2025-07-15T12:00:00Z', 'America/Argentina/Buenos_Aires'), -3);
    assert.equal(hours('2025-07-15T12:00:00Z', 'Asia/Kathmandu'), 5.75);
  });

  it('knows zones that are like UTC from such that are not known', () => {
    for (const zone of ['UTC', 'Etc/UTC', 'GMT', 'Africa/Abidjan', 'Atlantic/Reykjavik'])
      assert.equal(hours('2025-07-15T12:00:00Z', zone), 0, zone);
    for (const zone of [
      '',
      'Middle-earth/Shire',
      'Nowhere/Land',
      '../../etc/passwd',
      ':Europe/Berlin',
      'a\0b',
    ])
      assert.equal(hours('2025-07-15T12:00:00Z', zone), undefined, zone);
  });

  it('leaves the zone of the process as it was, with a name or without', () => {
    const own = process.env.TZ;
    try {
      for (const before of ['America/New_York', undefined]) {
        if (before === undefined) delete process.env.TZ;
        else process.env.TZ = before;
        const shown = new Date(0).getTimezoneOffset();
        zoneOffset(0, 'Asia/Tokyo');
        assert.equal(process.env.TZ, before);
        assert.equal(new Date(0).getTimezoneOffset(), shown);
      }
    } finally {
      if (own === undefined) delete process.env.TZ;
      else process.env.TZ = own;
    }
  });
});
