import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatedCard } from './card.ts';
import { dcgmExporterText, smiExporterText } from './texts.ts';

export interface GpuExporterOptions {
  readonly cards: readonly SimulatedCard[];
  readonly flavour?: 'nvidia_gpu_exporter' | 'dcgm-exporter';
  readonly host?: string;
  /** Left out: a free one. */
  readonly port?: number;
}

export interface GpuExporterSimulator {
  cards: readonly SimulatedCard[];
  readonly url: string;
  /** What it answers instead, while that is set. */
  answer: { readonly status: number; readonly body: string } | undefined;
  /** Requests for the metrics. */
  readonly asked: number;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** Puts an exporter of cards on the wire. */
export async function startGpuExporter({
  cards,
  flavour = 'nvidia_gpu_exporter',
  host = '127.0.0.1',
  port = 0,
}: GpuExporterOptions): Promise<GpuExporterSimulator> {
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end('404 page not found\n');
    asked += 1;
    if (simulator.answer !== undefined)
      return void response.writeHead(simulator.answer.status).end(simulator.answer.body);
    const text = flavour === 'dcgm-exporter' ? dcgmExporterText : smiExporterText;
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(text(simulator.cards));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const simulator: GpuExporterSimulator = {
    cards,
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    answer: undefined,
    get asked() {
      return asked;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return simulator;
}
