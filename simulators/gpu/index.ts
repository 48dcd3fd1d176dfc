export { rtx3090, type SimulatedCard, work } from './card.ts';
export { type GpuExporterSimulator, startGpuExporter } from './server.ts';
export { dcgmExporterText, smiCsv, smiExporterText } from './texts.ts';
