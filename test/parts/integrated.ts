import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DemoLab, startDemoLab } from '../../simulators/demo/lab.ts';
import { rtx3090, startGpuExporter } from '../../simulators/gpu/index.ts';
import { Home } from './home.ts';
import { CONFIGURATION, type HomeAssistant, startHomeAssistant } from './homeassistant.ts';
import { copyIntegration } from './integration.ts';
import { type Labkeeper, startLabkeeper } from './labkeeper.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';
import { eventually, freePort } from './process.ts';

/** Stands in for the card, which is built elsewhere. */
export const CARD = '// the card\n';

/** A real Home Assistant with our integration in its folder, a real broker, and the app on the simulated lab and a card. */
export interface Integrated {
  readonly homeAssistant: HomeAssistant;
  readonly home: Home;
  readonly labkeeper: Labkeeper;
  readonly mosquitto: Mosquitto;
  readonly lab: DemoLab;
  /** Home Assistant’s folder. */
  readonly folder: string;
  /** The app’s token for Home Assistant. */
  readonly token: string;
  stop(): Promise<void>;
}

/**
 * @param configuration more lines of configuration.yaml
 * @param files of the app’s folder of configuration, by name
 * @param more `card`: the module of the cards, else something stands in for it; `options`: more of the app’s
 */
export async function startIntegrated(
  configuration = '',
  files: Readonly<Record<string, string>> = {},
  { card = CARD, options = {} }: { readonly card?: string; readonly options?: object } = {},
): Promise<Integrated> {
  const folder = await mkdtemp(path.join(tmpdir(), 'integrated-'));
  const started: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of started.reverse()) await end();
  };
  try {
    await writeFile(path.join(folder, 'configuration.yaml'), CONFIGURATION + configuration);
    await writeFile(path.join(folder, 'automations.yaml'), '[]\n');
    await copyIntegration(folder);
    const www = path.join(folder, 'custom_components/labkeeper/www');
    await mkdir(www, { recursive: true });
    await writeFile(path.join(www, 'labkeeper-card.js'), card);
    const config = path.join(folder, 'labkeeper');
    await mkdir(config);
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(config, name), text);
    const lab = await startDemoLab();
    started.push(lab.stop);
    const cards = await startGpuExporter({ cards: [rtx3090()] });
    started.push(cards.close);
    const mosquitto = await startMosquitto();
    started.push(mosquitto.stop);
    const mqtt = { host: '127.0.0.1', port: mosquitto.port };
    const gpu = [{ id: 'rack', title: 'Cards', url: cards.url }];
    const labkeeper = await startLabkeeper(
      { mqtt, entities: 'all', self: 'none', ...lab.systems, gpu, ...options },
      config,
    );
    started.push(() => labkeeper.stop());
    const homeAssistant = await startHomeAssistant({
      folder,
      port: await freePort(),
      mqttPort: mosquitto.port,
    });
    started.push(homeAssistant.stop);
    const home = new Home(await homeAssistant.connect());
    started.push(async () => home.close());
    // Before that, automations do not look at their triggers.
    await eventually('Home Assistant has started', () => home.isRunning(), 120_000);
    const token = await eventually('the token', async () => {
      const text = await readFile(path.join(labkeeper.folder, 'token'), 'utf8');
      return /^homeassistant (\S+)$/m.exec(text)?.[1];
    });
    return { homeAssistant, home, labkeeper, mosquitto, lab, folder, token, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
