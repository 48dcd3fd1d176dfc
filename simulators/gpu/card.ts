/** A card as its driver sees it; change it and the next answer shows that. `null`: this card cannot tell. */
export interface SimulatedCard {
  /** With `GPU-`, as NVML writes it. */
  uuid: string;
  name: string;
  driver: string;
  cuda: string;
  serial: string | null;
  /** In the machine that asks. */
  pci: string;
  /** `<vendor>:<device>` */
  device: string;
  /** % */
  utilization: number | null;
  encoder: number | null;
  /** MiB */
  memoryTotal: number;
  memoryReserved: number;
  memoryUsed: number;
  temperature: number;
  memoryTemperature: number | null;
  fan: number | null;
  watts: number | null;
  limit: number;
  /** Millijoules since the driver was loaded; GeForce cards from Volta on count, and nvidia-smi does not show it. */
  millijoules: number | null;
  clock: number;
  memoryClock: number;
  pstate: number;
  /** `nvmlClocksEventReasons` */
  reasons: number;
  pcieGen: number;
  pcieWidth: number;
  /** Errors of the driver, the latest last. */
  xids: number[];
  processes: SimulatedProcess[];
}

export interface SimulatedProcess {
  readonly pid: number;
  readonly name: string;
  /** MiB; null: not told */
  readonly memory: number | null;
}

/** A used RTX 3090 with Chatterbox on it, doing nothing at the moment. */
export const rtx3090 = (change: Partial<SimulatedCard> = {}): SimulatedCard => ({
  uuid: 'GPU-5d8c2f0e-9b3a-4c61-8f27-1e6a40b7d935',
  name: 'NVIDIA GeForce RTX 3090',
  driver: '580.95.05',
  cuda: '13.0',
  serial: null,
  pci: '00000000:01:00.0',
  device: '10de:2204',
  utilization: 0,
  encoder: 0,
  memoryTotal: 24_576,
  memoryReserved: 320,
  memoryUsed: 6_656,
  temperature: 41,
  memoryTemperature: null,
  fan: 0,
  watts: 28.4,
  limit: 350,
  millijoules: null,
  clock: 210,
  memoryClock: 405,
  pstate: 8,
  reasons: 1,
  pcieGen: 1,
  pcieWidth: 16,
  xids: [],
  processes: [{ pid: 4242, name: '/usr/bin/python3', memory: 6_340 }],
  ...change,
});

/** Has it compute, or rest. */
export function work(card: SimulatedCard, share: number): void {
  const isBusy = share > 0;
  card.utilization = Math.round(share * 100);
  card.watts = Math.round(28 + share * (card.limit - 28));
  card.temperature = Math.round(41 + share * 32);
  card.fan = isBusy ? Math.round(30 + share * 40) : 0;
  card.clock = isBusy ? 1_695 : 210;
  card.memoryClock = isBusy ? 9_501 : 405;
  card.pstate = isBusy ? 2 : 8;
  card.reasons = isBusy ? (share > 0.95 ? 4 : 0) : 1;
  card.pcieGen = isBusy ? 4 : 1;
}
