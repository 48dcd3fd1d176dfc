import type { Pair } from './pair.ts';

/** Buttons that are pressed, and what each may send at most once. */
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

/** A button of the tried app. */
export interface Button {
  readonly system: string;
  /** How often it was pressed. */
  readonly pressed: number;
  press(): void;
  /** What the system was sent because of it, since the button was looked for. */
  sent(): readonly string[];
}

/** The buttons of a container and of a guest. @throws Error when one is not published */
export function buttonsOf({ lab, tried }: Pair): readonly Button[] {
  return BUTTONS.map(({ system, topic, sends }) => {
    const way = lab.ways.find((each) => each.system === system);
    const from = way?.writes.length ?? 0;
    const found = commandsOf(tried.broker.discoveries()).find(([at]) => topic.test(at));
    if (found === undefined) throw new Error(`there is no button ${topic}`);
    let pressed = 0;
    return {
      system,
      get pressed() {
        return pressed;
      },
      press: () => {
        pressed += 1;
        tried.broker.client.publish(...found, { qos: 1 });
      },
      sent: () => way?.writes.slice(from).filter((write) => sends.test(write)) ?? [],
    };
  });
}

/** What was done more often than it was asked for, as sentences. */
export const doubles = (buttons: readonly Button[]): readonly string[] =>
  buttons.flatMap((button) => {
    const sent = button.sent();
    const { system, pressed } = button;
    return sent.length > pressed
      ? [`${system}: pressed ${pressed} times, sent ${sent.length} times: ${sent.join(', ')}`]
      : [];
  });

/** Presses each button once, at some moment. @param chance from 0 to below 1 */
export function pressSometime(pair: Pair, chance: () => number): readonly Button[] {
  const buttons = buttonsOf(pair);
  for (const { press } of buttons) setTimeout(press, LATEST_MS * chance());
  return buttons;
}

const commandsOf = (
  discoveries: ReturnType<Pair['tried']['broker']['discoveries']>,
): readonly (readonly [topic: string, payload: string])[] =>
  discoveries.flatMap(({ components }) =>
    Object.values(components).flatMap(({ command_topic: topic, payload_press: payload = 'PRESS' }) =>
      topic === undefined ? [] : [[topic, payload] as const],
    ),
  );
