import { html, svg, type TemplateResult } from 'lit';

/** Simple line drawings, 24 by 24, ours: they need nothing of Home Assistant and look alike on the page. */
const PATHS: Readonly<Record<string, string>> = {
  server: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.5h.01M8 16.5h.01M12 7.5h4M12 16.5h4',
  node: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.5h.01M8 16.5h.01',
  cluster: 'M4 4h7v7H4zM13 4h7v7h-7zM8.5 13h7v7h-7z',
  guest: 'M4 5h16v11H4zM9 20h6M12 16v4',
  host: 'M4 11h16v6a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3zM7 11V8h3v3M10.5 8V5h3v3M14 11V8h3v3',
  stack: 'M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4',
  container: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  gpu: 'M3 7h18v9H3zM6 16v3M10 16v3M15.5 11.5m-2.5 0a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0M6 10h4M6 13h4',
  pool: 'M5 6c0-1.6 3.1-3 7-3s7 1.4 7 3-3.1 3-7 3-7-1.4-7-3zM5 6v12c0 1.6 3.1 3 7 3s7-1.4 7-3V6M5 12c0 1.6 3.1 3 7 3s7-1.4 7-3',
  storage: 'M4 6h16v12H4zM4 12h16M7.5 9h.01M7.5 15h.01',
  disk: 'M5 3h14v18H5zM12 10m-3.5 0a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0M8 17.5h3',
  backupserver: 'M12 3l8 3v6c0 4.5-3.2 7.7-8 9-4.8-1.3-8-4.5-8-9V6zM9 12l2 2 4-4',
  gateway: 'M3 13h18v6H3zM7 16h.01M11 16h.01M8 9.5a6 6 0 0 1 8 0M5.5 6.5a10 10 0 0 1 13 0',
  switch: 'M3 8h18v8H3zM7 12v1M10.5 12v1M14 12v1M17.5 12v1',
  accesspoint: 'M12 18h.01M8.5 14.5a5 5 0 0 1 7 0M5.5 11a9.5 9.5 0 0 1 13 0M3 7.5a14 14 0 0 1 18 0',
  network: 'M12 4v5M5 20v-4h14v4M12 9v7M9.5 4h5M3 20h4M17 20h4',
  client: 'M8 3h8v18H8zM11.5 18h1',
  speech: 'M5 10v4M9 7v10M13 4v16M17 8v8M21 11v2',
  mcpserver: 'M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4',
  instrument: 'M3 12h4l2-6 4 12 3-8 1.5 2H21',
  monitor: 'M3 13h4l2-5 4 9 2.5-6 1.5 2H21',
  app: 'M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M7.5 15h9',
  power: 'M12 3v8M7 6.5a7 7 0 1 0 10 0',
  restart: 'M19 12a7 7 0 1 1-2.5-5.4M19 3v4.5h-4.5',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 13m-3.5 0a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0',
  save: 'M12 4v10M8 10l4 4 4-4M4 19h16',
  update: 'M12 20V8M7 12l5-5 5 5M5 4h14',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  wrench: 'M14.5 5.5a4.5 4.5 0 0 0-5.6 5.7L4 16v4h4l4.8-4.9a4.5 4.5 0 0 0 5.7-5.6L15.5 12.5 11.5 8.5z',
  trash: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  close: 'M6 6l12 12M18 6L6 18',
  chevron: 'M9 6l6 6-6 6',
  link: 'M14 5h5v5M19 5l-8 8M18 14v5H5V6h5',
};

const OTHER = 'M12 12m-8 0a8 8 0 1 0 16 0 8 8 0 1 0-16 0';
const SAME: Readonly<Record<string, string>> = { datastore: 'pool', wlan: 'accesspoint', site: 'network' };

export const icon = (name: string): TemplateResult => html`
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    ${svg`<path d=${PATHS[SAME[name] ?? name] ?? OTHER} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>`}
  </svg>
`;
