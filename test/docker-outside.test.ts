import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { outsidersOf } from '../addon/src/sources/docker/update/outside.ts';

const vitalOf = (Image: string, byPortainer: boolean): string | undefined =>
  outsidersOf(byPortainer).vitalOf({ Config: { Image, Labels: null } });

suite('what Labkeeper lives by', () => {
  test('are brokers, socket proxies and itself, wherever their images come from', () => {
    for (const image of [
      'eclipse-mosquitto:2',
      'registry.lan:5000/emqx/emqx',
      'tecnativa/docker-socket-proxy:latest',
      `ghcr.io/somebody/labkeeper@sha256:${'0'.repeat(64)}`,
    ]) {
      assert.ok(vitalOf(image, false), image);
    }
    assert.equal(vitalOf('team/mosquitto-dashboard:1', false), undefined);
  });

  test('are Portainer and its agents where the engine is reached by them, and not elsewhere', () => {
    for (const image of ['portainer/portainer-ce:lts', 'portainer/agent', 'registry.lan/portainer:2']) {
      assert.match(vitalOf(image, true) ?? '', /Portainer/, image);
      assert.equal(vitalOf(image, false), undefined, image);
    }
  });
});
