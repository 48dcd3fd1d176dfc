import type { Machine } from './machine.ts';

const TICK_MS = 20_000;
const MINUTE = 60_000;
/** A power supply loses its input now and then, as when somebody works at the rack. */
const LOSS = { every: 14 * MINUTE, for: 3 * MINUTE };

/** Gives a server something to do: power and warmth that come and go, and a power supply that does at times. */
export function bringToLife(machine: Machine): () => void {
  const { clock } = machine.spec;
  let cancel = (): void => {};
  const tick = (): void => {
    const at = clock.now();
    const wave = (length: number): number => Math.sin((at / length) * 2 * Math.PI);
    machine.watts = Math.round(172 + 38 * wave(17 * MINUTE) + 9 * wave(97_000));
    machine.inletCelsius = Math.round(22 + 1.5 * wave(53 * MINUTE));
    lose(machine, at % LOSS.every >= LOSS.every - LOSS.for);
    cancel = clock.after(TICK_MS, tick);
  };
  tick();
  return () => cancel();
}

function lose(machine: Machine, lost: boolean): void {
  if (lost === machine.ailing.has('PS2')) return;
  if (lost) {
    machine.ailing.set('PS2', 'Critical');
    machine.record('Critical', 'The input power for power supply 2 is lost.', 'PSU0003');
  } else {
    machine.ailing.delete('PS2');
    machine.record('OK', 'The input power for power supply 2 has been restored.', 'PSU0017');
  }
}
