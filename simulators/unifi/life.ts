import type { SimClient, Site } from './site.ts';

const TICK_MS = 20_000;
const MINUTE = 60_000;
/** A phone goes for a walk now and then. */
const WALK = { every: 11 * MINUTE, for: 3 * MINUTE };

/** Gives a site something to do: traffic that comes and goes, and a phone that does. */
export function bringToLife(site: Site): () => void {
  const { clock } = site;
  let cancel = (): void => {};
  const tick = (): void => {
    const at = clock.now();
    const wave = (length: number): number => (Math.sin((at / length) * 2 * Math.PI) + 1) / 2;
    for (const [index, device] of site.devices.entries()) {
      device.cpu = Math.round(8 + 20 * wave(7 * MINUTE + index * 13_000));
      for (const port of device.ports)
        port.sent = Math.round(port.received * 2 * wave(5 * MINUTE + port.index * 7_000));
      site.changed(device);
    }
    const [line] = site.wans;
    if (line !== undefined) {
      line.received = Math.round(6e6 * wave(9 * MINUTE));
      line.latency = Math.round(8 + 6 * wave(3 * MINUTE));
    }
    const phone = site.clients.find(({ name }) => name.startsWith('Phone'));
    if (phone !== undefined) walk(site, phone, at % WALK.every >= WALK.every - WALK.for);
    cancel = clock.after(TICK_MS, tick);
  };
  tick();
  return () => cancel();
}

function walk(site: Site, phone: SimClient, isAway: boolean): void {
  if (phone.connected === isAway) site.connect(phone, !isAway);
}
