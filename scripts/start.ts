// With options or under the Supervisor the real lab, else the demo: the app itself has no demo branch.
import { bundlePage } from './build/page.ts';

await bundlePage();
const real = process.env.LABKEEPER_OPTIONS !== undefined || process.env.SUPERVISOR_TOKEN !== undefined;
await import(real ? '../addon/src/main.ts' : '../simulators/demo/main.ts');
