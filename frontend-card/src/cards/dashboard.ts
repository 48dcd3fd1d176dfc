import type { Hass } from '../hass/types.ts';
import { writingOf } from '../hass/writing.ts';
import { kindOf } from '../lab/kinds.ts';
import { Words } from '../lab/words/words.ts';
import type { ViewName } from './config.ts';

const ICONS: Readonly<Record<ViewName, string>> = {
  topology: 'mdi:sitemap',
  resources: 'mdi:chart-line',
  network: 'mdi:lan',
  storage: 'mdi:database',
  ai: 'mdi:expansion-card',
  'build-out': 'mdi:stairs-up',
  jobs: 'mdi:clipboard-list-outline',
};

/** Kinds of which there has to be one for a view to make sense; without, it is always there. */
const WANTS: Partial<Record<ViewName, readonly string[]>> = {
  network: ['gateway', 'switch', 'accesspoint', 'network'],
  storage: ['pool', 'storage', 'disk', 'datastore'],
  ai: ['gpu', 'speech'],
};

/** Views that ask for what only the integration can tell. */
const INTEGRATED: readonly ViewName[] = ['build-out', 'jobs'];

/** A whole dashboard, of the views that this lab has something for. */
export function dashboardFor(config: { readonly hours?: number }, hass: Hass): object {
  const words = new Words(writingOf(hass, undefined));
  const kinds = new Set(
    Object.values(hass.devices).flatMap(({ identifiers }) =>
      identifiers.flatMap(([domain, identifier]) => (domain === 'mqtt' ? (kindOf(identifier) ?? []) : [])),
    ),
  );
  const integrated = hass.services.labkeeper !== undefined;
  const names = (Object.keys(ICONS) as ViewName[]).filter((name) => {
    if (INTEGRATED.includes(name)) return integrated;
    return WANTS[name]?.some((kind) => kinds.has(kind)) ?? true;
  });
  return {
    views: names.map((view) => ({
      ...{
        title: words.say(`view_${view}`),
        path: view,
        icon: ICONS[view],
        type: 'sections',
        max_columns: 3,
      },
      sections: [
        {
          ...{ type: 'grid', column_span: 3 },
          cards: [
            {
              ...{ type: 'custom:labkeeper-card', view, grid_options: { columns: 'full' } },
              ...(config.hours !== undefined && { hours: config.hours }),
            },
          ],
        },
      ],
    })),
  };
}
