import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt from 'mqtt';

/** Waits until `check` holds, at most eight seconds. */
export async function until(what: string, check: () => unknown): Promise<void> {
  const end = Date.now() + 8_000;
  while (!check()) {
    assert.ok(Date.now() < end, `in time: ${what}`);
    await sleep(10);
  }
}

const undo = new WeakMap<TestContext, (() => unknown)[]>();

/** Takes down after the test what it set up, the last first. */
export function atEnd(t: TestContext, close: () => unknown): void {
  const steps = undo.get(t) ?? [];
  if (steps.length === 0) {
    t.after(async () => {
      for (const step of steps) await step();
    });
  }
  steps.unshift(close);
  undo.set(t, steps);
}

/** Somebody else on the broker, who hears everything. `retained`: what was there when he came. */
export async function observe(t: TestContext, port: number) {
  const heard: string[] = [];
  const retained = new Map<string, string>();
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4 });
  atEnd(t, () => client.endAsync(true));
  client.on('message', (topic, payload, { retain }) => {
    if (retain) retained.set(topic, `${payload}`);
    else heard.push(`${topic} ${payload}`);
  });
  await client.subscribeAsync('#', { qos: 1 });
  const said = (line: string): number => heard.filter((other) => other === line).length;
  return { client, heard, retained, said };
}
