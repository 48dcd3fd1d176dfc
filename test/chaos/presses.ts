import type { Pair } from './pair.ts';

/** Buttons that are pressed while systems have faults, and what each may send at most once. */
const BUTTONS = [
  {
    system: 'docker/lab',
    topic: /^labkeeper\/docker_lab_container_\S*grafana\S*\/restart\/set$/,
    sends: /^POST \S*\/restart\b/,
  },
  {
    system: 'proxmox/home',
    topic: /^labkeeper\/proxmox_home_guest_102\/restart\/set$/,
    sends: /^POST \S*\/102\/status\/reboot/,
  },
] as const;

const LATEST_MS = 20_000;

/** Presses each button once, at some moment. @param chance from 0 to below 1 */
export function startPresses({ lab, tried }: Pair, chance: () => number) {
  const pressed = BUTTONS.map(({ system, topic, sends }) => {
    const way = lab.ways.find((each) => each.system === system);
    const from = way?.writes.length ?? 0;
    const button = commandsOf(tried.broker.discoveries()).find(([at]) => topic.test(at));
    if (button === undefined) throw new Error(`there is no button ${topic}`);
    setTimeout(() => tried.broker.client.publish(...button, { qos: 1 }), LATEST_MS * chance());
    return { system, sent: () => way?.writes.slice(from).filter((write) => sends.test(write)) ?? [] };
  });
  return {
    /** What was done more than once, as sentences. */
    twice: (): readonly string[] =>
      pressed.flatMap(({ system, sent }) =>
        sent().length > 1
          ? [`${system}: pressed once, sent ${sent().length} times: ${sent().join(', ')}`]
          : [],
      ),
    told: (): string =>
      pressed.map(({ system, sent }) => `, ${system} was told ${sent().length} times`).join(''),
  };
}

const commandsOf = (
  discoveries: ReturnType<Pair['tried']['broker']['discoveries']>,
): readonly (readonly [topic: string, payload: string])[] =>
  discoveries.flatMap(({ components }) =>
    Object.values(components).flatMap(({ command_topic: topic, payload_press: payload = 'PRESS' }) =>
      topic === undefined ? [] : [[topic, payload] as const],
    ),
  );
