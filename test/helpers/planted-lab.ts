import type { Clock } from '../../addon/src/core/clock.ts';
import { DockerEngine } from '../../simulators/docker/engine.ts';
import { startPortainer } from '../../simulators/docker/portainer.ts';
import { composeLabels } from '../../simulators/docker/seed.ts';
import { startDockerSimulator } from '../../simulators/docker/server.ts';
import { rtx3090, startGpuExporter } from '../../simulators/gpu/index.ts';
import { seededBackupServer, startPbsSimulator } from '../../simulators/pbs/index.ts';
import { ProxmoxCluster, ROLES, startProxmoxSimulator } from '../../simulators/proxmox/index.ts';
import { R640 } from '../../simulators/proxmox/seed.ts';
import { PulseMonitor, startPulseSimulator } from '../../simulators/pulse/index.ts';
import { r640, startRedfishSimulator } from '../../simulators/redfish/index.ts';
import { seededSite, startUnifiSimulator } from '../../simulators/unifi/index.ts';

const GIB = 1024 ** 3;
const HOUR_MS = 3_600_000;

/** Names, addresses, numbers and secrets by which somebody could be known; each occurs in an answer of `plantedLab`. */
export const PLANTED: readonly string[] = [
  ...['zwiebelfisch1', 'zwiebelfisch2', 'gartenlaube', 'schwiegermutter', 'Nähkästchen', 'docker-backup'],
  ...['kellerregal', 'tresor-nord', 'kaffeekasse', 'hannelore', 'puttgarden', 'fehmarnsund'],
  ...['blumenkohl-web-1', 'blumenkohl', 'rosenkohl', 'erbsensuppe.example.org', 'kartoffelpuffer'],
  ...['10.71.33.11', '10.71.33.12', '10.71.40.77', '192.168.77.5', 'fd42:77:1::5'],
  ...['bc:24:11:7a:5e:c3', '4c4c4544-0051-4b10-8031-b7c04f5834aa', '7QK1XZZ', 'S6NANGZZ095501', 'ZWB3RNHQ'],
  ...['5000c500dec0de42', 'sesam-oeffne-dich', 'Telefon 04371 998877'],
  ...['leuchtturm', 'duenengras'],
  // Of the seeded UniFi site and the exporter of cards.
  ...['Phone of Ada', 'On the road', 'Ceiling', 'plug-3', '3c:22:fb:5a:00:02', '192.168.20.10'],
  ...['correct horse battery', 'docker-host', '5d8c2f0e-9b3a-4c61-8f27-1e6a40b7d935'],
];

/** Systems of every kind with names that stand nowhere else, alive by one clock. */
export async function plantedLab(clock: Clock) {
  const engine = new DockerEngine({
    name: 'rosenkohl',
    ...{ cpus: 4, now: () => clock.now(), after: (ms, run) => clock.after(ms, run), random: () => 0.5 },
  });
  engine.create({
    name: 'blumenkohl-web-1',
    image: 'registry.erbsensuppe.example.org/kartoffelpuffer/web:1.2.3',
    labels: {
      ...composeLabels('blumenkohl', 'web'),
      'traefik.http.routers.x.rule': 'Host(`erbsensuppe.example.org`)',
      'traefik.http.middlewares.x.basicauth': 'hannelore:sesam-oeffne-dich',
    },
    command: ['serve', '--password', 'sesam-oeffne-dich'],
    networkMode: 'blumenkohl_default',
    ports: { '80/tcp': 8080 },
    mounts: [{ from: '/srv/kellerregal', to: '/data' }],
  });
  engine.start('blumenkohl-web-1');
  const docker = await startDockerSimulator({ engine });
  const portainer = await startPortainer({
    apiKey: 'sesam-oeffne-dich',
    environments: [{ id: 3, name: 'kellerregal', url: docker.url }],
  });

  const cluster = new ProxmoxCluster({
    clock,
    name: 'fehmarnsund',
    nodes: [
      { ...R640, node: 'zwiebelfisch1', ip: '10.71.33.11' },
      { ...R640, node: 'zwiebelfisch2', ip: '10.71.33.12', hardware: 'none' },
    ],
    storages: [
      { storage: 'local', type: 'dir', content: 'iso,vztmpl,backup', total: 800 * GIB, used: 60 * GIB },
      {
        ...{ storage: 'tresor-nord', type: 'nfs', content: 'backup,images,rootdir', shared: true },
        ...{ total: 900 * GIB, used: 90 * GIB, more: { server: '192.168.77.5', export: '/kaffeekasse' } },
      },
    ],
    guests: [
      {
        ...{
          vmid: 101,
          type: 'qemu',
          name: 'gartenlaube',
          node: 'zwiebelfisch1',
          cores: 2,
          upMs: 30 * HOUR_MS,
        },
        ...{
          memory: 4 * GIB,
          disk: 32 * GIB,
          storage: 'tresor-nord',
          tags: ['puttgarden'],
          pool: 'kaffeekasse',
        },
        ...{
          mac: 'BC:24:11:7A:5E:C3',
          addresses: ['10.71.40.77/24', 'fd42:77:1::5/64'],
          agent: { os: 'Debian GNU/Linux 12 (bookworm)' },
        },
        description: 'Telefon 04371 998877, Passwort sesam-oeffne-dich',
        snapshots: [{ name: 'schwiegermutter', description: 'vor Nähkästchen', time: 1_765_000_000 }],
      },
      // Its name is made of words that Proxmox VE itself uses.
      {
        ...{ vmid: 102, type: 'lxc', name: 'docker-backup', node: 'zwiebelfisch2', cores: 1, upMs: HOUR_MS },
        ...{ memory: GIB, disk: 8 * GIB, storage: 'tresor-nord' },
      },
    ],
    backups: [
      { id: 'backup-1', schedule: '02:00', storage: 'tresor-nord', all: true, comment: 'Nähkästchen' },
    ],
  });
  cluster.access.addUser({
    id: 'hannelore@pve',
    password: 'sesam-oeffne-dich',
    acl: { '/': ROLES.operator },
  });
  cluster.access.addToken({
    ...{ id: 'hannelore@pve!gartenlaube', secret: cluster.chance.uuid(), acl: { '/': ROLES.operator } },
  });
  cluster.archives = [
    {
      ...{ storage: 'tresor-nord', vmid: 101, type: 'qemu', node: 'zwiebelfisch1' },
      ...{ time: Math.floor(clock.now() / 1_000) - 7_200, size: GIB },
    },
  ];
  const [first] = cluster.nodes;
  first?.hardware.setDisk('sda', {
    serial: 'ZWB3RNHQ',
    wwn: '0x5000c500dec0de42',
    link: 'ata-SAMSUNG_MZ7_ZWB3RNHQ',
  });
  const pve = await startProxmoxSimulator({ cluster });

  const server = seededBackupServer(clock);
  server.datastores.push({
    ...{ name: 'kellerregal', comment: 'Nähkästchen', total: 900 * GIB, used: 9 * GIB, jobs: [] },
    namespaces: new Map([
      ['puttgarden', [{ type: 'host', id: 'rosenkohl', time: server.now - 90, size: GIB }]],
    ]),
  });
  const vault = await startPbsSimulator({ server });

  const machine = r640({
    clock,
    ...{ hostName: 'zwiebelfisch1.erbsensuppe.example.org', serviceTag: '7QK1XZZ' },
    ...{ uuid: '4c4c4544-0051-4b10-8031-b7c04f5834aa', serials: ['S6NANGZZ095501', 'S6NANGZZ095502'] },
  });
  const idrac = await startRedfishSimulator({
    machine,
    username: 'hannelore',
    password: 'sesam-oeffne-dich',
  });

  const controller = await startUnifiSimulator({ site: seededSite({ clock }), generation: 'legacy' });
  const cards = await startGpuExporter({ cards: [rtx3090()], flavour: 'dcgm-exporter' });

  const monitor = new PulseMonitor(clock);
  Object.assign(monitor, { containerId: 'leuchtturm' });
  monitor.raise({
    name: 'gartenlaube',
    node: 'zwiebelfisch1',
    vmid: 101,
    message: 'leuchtturm: gartenlaube at 92%',
  });
  monitor.acknowledge(
    monitor.raise({ name: 'duenengras', node: 'duenengras', type: 'disk' }).id,
    'hannelore',
  );
  const pulse = await startPulseSimulator({ monitor });

  const [token] = pve.tokens;
  const pins = [...pve.nodes.values()].map(({ fingerprint }) => fingerprint).join(', ');
  return {
    options: {
      docker: [
        {
          id: 'rosenkohl',
          url: portainer.url,
          address: 'rosenkohl.erbsensuppe.example.org',
          portainer_key: 'sesam-oeffne-dich',
          environment: 'kellerregal',
          image_updates: false,
        },
      ],
      proxmox: [
        { id: 'laube', urls: pve.urls, fingerprint: pins, token_id: token?.id, token_secret: token?.secret },
      ],
      pbs: [
        {
          ...{ id: 'regal', url: vault.url, fingerprint: vault.fingerprint },
          ...{ token_id: vault.tokenId, token_secret: vault.tokenSecret },
        },
      ],
      redfish: [
        {
          ...{ id: 'r640', url: idrac.url, fingerprint: idrac.fingerprint },
          ...{ username: idrac.username, password: idrac.password },
        },
      ],
      unifi: [
        {
          ...{ id: 'house', url: controller.url, fingerprint: controller.fingerprint },
          ...{ username: controller.username, password: controller.password },
        },
      ],
      gpu: [{ id: 'rack', url: cards.url }],
      pulse: [
        { id: 'dash', url: pulse.url, token: pulse.token, webhook_secret: 'sesam-oeffne-dich-sesam-oeffne' },
      ],
    },
    secrets: [token?.secret ?? '', vault.tokenSecret, controller.password, pulse.token],
    stop: async (): Promise<void> => {
      await pve.close();
      await idrac.close();
      await vault.close();
      await controller.close();
      await cards.close();
      await pulse.close();
      await portainer.close();
      await docker.close();
    },
  };
}

/** Two systems whose things have names that their interfaces use themselves. */
export async function wordyLab(clock: Clock) {
  const engine = new DockerEngine({
    ...{ name: 'docker', cpus: 4, now: () => clock.now(), after: (ms, run) => clock.after(ms, run) },
  });
  for (const [project, service] of [
    ['containers', 'json'],
    ['containers', 'running'],
    ['image', 'network'],
  ] as const) {
    const name = `${project}-${service}-1`;
    engine.create({
      name,
      image: 'busybox:1',
      labels: composeLabels(project, service),
      networkMode: `${project}_default`,
    });
    engine.start(name);
  }
  engine.create({ name: 'containers', image: 'busybox:1', mounts: [{ from: 'volume', to: '/data' }] });
  engine.start('containers');
  const docker = await startDockerSimulator({ engine });
  const spec = { cores: 1, memory: GIB, disk: 8 * GIB, storage: 'content', upMs: 48 * HOUR_MS };
  const cluster = new ProxmoxCluster({
    clock,
    name: 'cluster',
    nodes: [
      { ...R640, node: 'status', ip: '10.0.0.1' },
      { ...R640, node: 'nodes', ip: '10.0.0.2', hardware: 'none' },
    ],
    storages: [
      { storage: 'storage', type: 'dir', content: 'iso,vztmpl,backup', total: 800 * GIB, used: 60 * GIB },
      { storage: 'content', type: 'zfspool', content: 'images,rootdir', total: 800 * GIB, used: 60 * GIB },
    ],
    guests: [
      {
        ...spec,
        vmid: 1001,
        type: 'qemu',
        name: 'qemu',
        node: 'status',
        tags: ['running', 'lxc'],
        agent: { os: 'x' },
      },
      { ...spec, vmid: 1002, type: 'lxc', name: 'docker-running', node: 'nodes', pool: 'pool' },
      {
        ...spec,
        vmid: 1003,
        type: 'qemu',
        name: 'current',
        node: 'nodes',
        snapshots: [{ name: 'data', time: 1_765_000_000 }],
      },
    ],
    backups: [{ id: 'backup', schedule: '02:00', storage: 'storage', all: true }],
  });
  cluster.access.addUser({ id: 'user@pve', password: 'password', acl: { '/': ROLES.operator } });
  cluster.access.addToken({
    id: 'user@pve!token',
    secret: cluster.chance.uuid(),
    acl: { '/': ROLES.operator },
  });
  cluster.archives = [
    {
      ...{ storage: 'storage', vmid: 1001, type: 'qemu', node: 'status', size: GIB },
      time: Math.floor(clock.now() / 1_000) - 7_200,
    },
  ];
  const pve = await startProxmoxSimulator({ cluster });
  const [token] = pve.tokens;
  const pins = [...pve.nodes.values()].map(({ fingerprint }) => fingerprint).join(', ');
  return {
    options: {
      docker: [{ id: 'docker', url: docker.url, image_updates: false, guest: 'proxmox/proxmox/guest/1001' }],
      proxmox: [
        {
          id: 'proxmox',
          urls: pve.urls,
          fingerprint: pins,
          token_id: token?.id,
          token_secret: token?.secret,
        },
      ],
    },
    stop: async (): Promise<void> => {
      await pve.close();
      await docker.close();
    },
  };
}
