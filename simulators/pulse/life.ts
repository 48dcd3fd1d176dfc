import type { PulseMonitor } from './monitor.ts';

const MINUTE = 60_000;
const BUSY = { name: 'dev-test', vmid: 102, type: 'cpu', value: 93.7, threshold: 80 };

/** Has somebody build something on the development machine now and then, which is too much for it. */
export function bringToLife(monitor: PulseMonitor): () => void {
  let cancel = (): void => {};
  const begin = (): void => {
    const { id } = monitor.raise(BUSY);
    cancel = monitor.clock.after(2 * MINUTE, () => {
      if (monitor.alerts.has(id)) monitor.resolve(id);
      cancel = monitor.clock.after(6 * MINUTE, begin);
    });
  };
  cancel = monitor.clock.after(MINUTE, begin);
  return () => cancel();
}
