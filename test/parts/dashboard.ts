import type { Home } from './home.ts';

/** A view of a dashboard, as Home Assistant keeps it. */
export type DashboardView = Readonly<Record<string, unknown>>;

/** Makes a dashboard at `/<path>`, or gives one other views. `path` has a hyphen in it. */
export async function keepDashboard(home: Home, path: string, config: object): Promise<void> {
  const { connection } = home;
  const all = await connection.sendMessagePromise<readonly { url_path: string }[]>({
    type: 'lovelace/dashboards/list',
  });
  if (!all.some(({ url_path }) => url_path === path)) {
    await connection.sendMessagePromise({
      ...{ type: 'lovelace/dashboards/create', url_path: path, title: 'Lab', mode: 'storage' },
      ...{ show_in_sidebar: true, require_admin: false },
    });
  }
  await connection.sendMessagePromise({ type: 'lovelace/config/save', url_path: path, config });
}
