// Starts a Home Assistant to click through: user dev, password dev, MQTT at 127.0.0.1:1883 (where the demo's broker is).
import path from 'node:path';
import { startHomeAssistant, USER } from '../../test/parts/homeassistant.ts';
import { copyIntegration } from '../../test/parts/integration.ts';
import { eventually, isListening } from '../../test/parts/process.ts';
import { bundleCard } from '../build/card.ts';

const mqttPort = Number(process.env.LABKEEPER_MQTT_PORT ?? 1883);
const port = Number(process.env.HOMEASSISTANT_PORT ?? 8123);
const folder = path.resolve(process.env.HOMEASSISTANT_CONFIG ?? '.homeassistant');

if (!(await isListening(mqttPort))) {
  console.log(
    `Waiting for an MQTT broker on 127.0.0.1:${mqttPort}: "npm start" in another terminal brings one …`,
  );
  await eventually('an MQTT broker', () => isListening(mqttPort), 3_600_000);
}
console.log('Starting Home Assistant; the first time it is built, which takes some minutes …');
await bundleCard();
await copyIntegration(folder);
const homeAssistant = await startHomeAssistant({ folder, port, mqttPort });
console.log(`Home Assistant: ${homeAssistant.url} (user ${USER.name}, password ${USER.password})`);
console.log(
  `Its MQTT broker: 127.0.0.1:${mqttPort}, where "npm start" puts the demo's. Its folder: ${folder}`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void homeAssistant.stop().then(() => process.exit(0)));
}
process.exitCode = (await homeAssistant.running.exited) ?? 0;
