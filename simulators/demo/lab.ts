import { ChatterboxMachine, startChatterboxSimulator } from '../chatterbox/index.ts';
import { seededEngine } from '../docker/seed.ts';
import { startDockerSimulator } from '../docker/server.ts';
import { startMcpSimulator } from '../mcp/index.ts';
import { seededBackupServer, startPbsSimulator } from '../pbs/index.ts';
import {
  bringToLife as bringClusterToLife,
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  seededCluster,
  startProxmoxSimulator,
} from '../proxmox/index.ts';
import {
  bringToLife as bringMonitorToLife,
  type PulseSimulator,
  seededMonitor,
  startPulseSimulator,
} from '../pulse/index.ts';
import { bringToLife as bringServerToLife, r640, startRedfishSimulator } from '../redfish/index.ts';
import { SimMeter, SimScope, SimSupply, startScpiSimulator } from '../scpi/index.ts';
import {
  bringToLife as bringNetworkToLife,
  MAC,
  type SimClient,
  seededSite,
  startUnifiSimulator,
} from '../unifi/index.ts';
import { bringToLife } from './life.ts';

/** A name that belongs to no machine: the published ports lead nowhere, least of all to this one. */
const LAB_ADDRESS = 'docker-host.home.arpa';

/** Of the webhook of Pulse, which nobody but this machine reaches. */
export const PULSE_SECRET = 'pulse-of-the-simulated-lab';

/** The lab that Labkeeper is designed against, simulated and alive. */
export interface DemoLab {
  /** The systems' part of the app's options. */
  readonly systems: object;
  readonly cluster: ProxmoxCluster;
  readonly pulse: PulseSimulator;
  stop(): Promise<void>;
}

export async function startDemoLab(): Promise<DemoLab> {
  const engine = seededEngine();
  bringToLife(engine);
  const docker = await startDockerSimulator({ engine });
  const cluster = seededCluster();
  const endLife = bringClusterToLife(cluster);
  const pve = await startProxmoxSimulator({ cluster });
  const machine = r640();
  const endServerLife = bringServerToLife(machine);
  const idrac = await startRedfishSimulator({ machine });
  const vault = await startPbsSimulator({ server: seededBackupServer() });
  const site = seededSite({ clients: clientsOf(cluster) });
  const endNetworkLife = bringNetworkToLife(site);
  const cloudkey = await startUnifiSimulator({ site });
  const monitor = seededMonitor();
  const endMonitorLife = bringMonitorToLife(monitor);
  const pulse = await startPulseSimulator({ monitor });
  const unifiTools = await startMcpSimulator();
  const benchTools = await startMcpSimulator({
    ...{ name: 'scpi-mcp', version: '0.2.0', ways: ['sse'], resources: undefined, prompts: undefined },
    tools: [{ name: 'measure', description: 'Asks an instrument' }],
  });
  const speaker = new ChatterboxMachine();
  Object.assign(speaker, { model: 'multilingual', factor: 0.3, way: 'auto', blocks: true });
  const chatterbox = await startChatterboxSimulator({ machine: speaker });
  const supply = await startScpiSimulator(new SimSupply());
  const meter = await startScpiSimulator(new SimMeter());
  const scope = await startScpiSimulator(new SimScope());
  const { url, fingerprint, username, password } = idrac;
  return {
    systems: {
      proxmox: [
        {
          id: 'home',
          title: 'Home',
          urls: pve.urls,
          fingerprint: pve.fingerprint,
          token_id: OPERATOR_TOKEN,
          token_secret: pve.tokens.find(({ id }) => id === OPERATOR_TOKEN)?.secret,
        },
      ],
      docker: [
        {
          id: 'lab',
          title: 'Docker',
          url: docker.url,
          address: LAB_ADDRESS,
          guest: 'proxmox/home/guest/101',
        },
      ],
      pbs: [
        {
          id: 'vault',
          title: 'Backup server',
          url: vault.url,
          fingerprint: vault.fingerprint,
          token_id: vault.tokenId,
          token_secret: vault.tokenSecret,
        },
      ],
      unifi: [
        {
          id: 'house',
          title: 'Network',
          url: cloudkey.url,
          fingerprint: cloudkey.fingerprint,
          username: cloudkey.username,
          password: cloudkey.password,
          clients: ['Phone *', 'NAS', 'plug-*'],
          qr_codes: ['guests'],
        },
      ],
      pulse: [
        {
          id: 'lab',
          title: 'Pulse',
          url: pulse.url,
          token: pulse.token,
          webhook_secret: PULSE_SECRET,
          guest: 'proxmox/home/guest/110',
        },
      ],
      mcp: [
        {
          ...{ id: 'unifi', title: 'UniFi MCP', url: unifiTools.url },
          container: 'docker/lab/container/mcp-unifi',
        },
        {
          ...{ id: 'bench', title: 'SCPI MCP', url: benchTools.sseUrl },
          container: 'docker/lab/container/mcp-scpi',
        },
      ],
      chatterbox: [
        {
          ...{ id: 'voice', title: 'Chatterbox', url: chatterbox.url, languages: ['de', 'en'] },
          ...{ voice: 'emily-en', container: 'docker/lab/container/ai.chatterbox.1' },
        },
      ],
      scpi: [
        { id: 'supply', title: 'Bench supply', host: supply.host, port: supply.port },
        { id: 'meter', title: 'Multimeter', host: meter.host, port: meter.port },
        { id: 'scope', title: 'Oscilloscope', host: scope.host, port: scope.port },
      ],
      scpi_outputs: [{ instrument: 'supply', name: 'CH1', max_voltage: 6, max_current: 2 }],
      redfish: [{ id: 'r640', title: 'R640', url, fingerprint, username, password }],
    },
    cluster,
    pulse,
    stop: async () => {
      endLife();
      endServerLife();
      endNetworkLife();
      endMonitorLife();
      await pve.close();
      await idrac.close();
      await vault.close();
      await cloudkey.close();
      await pulse.close();
      await chatterbox.close();
      for (const tools of [unifiTools, benchTools]) await tools.close();
      for (const bench of [supply, meter, scope]) await bench.close();
      await docker.close();
    },
  };
}

/** The guests, as the switch hears them at the port of their node. */
const clientsOf = (cluster: ProxmoxCluster): readonly SimClient[] =>
  cluster.guests
    .filter(({ status }) => status === 'running')
    .map(({ mac, spec: { name, addresses = [] } }) => ({
      ...{ mac: mac.toLowerCase(), name: '', hostname: name, network: 'Server', connected: true },
      ...{ ip: addresses[0]?.split('/')[0] ?? '', wired: { switch: MAC.core, port: 2 } },
    }));
