import type { Action } from '../contract/action.ts';
import { digestOf, serviceCatalogue } from '../homeassistant/services.ts';

/** The actions as Home Assistant offers them, as JSON; made when somebody asks. */
export function servicesOf(
  actions: readonly Action[],
  version: string,
): () => { readonly body: string; readonly etag: string } {
  let made: { readonly body: string; readonly etag: string } | undefined;
  return () => {
    if (made !== undefined) return made;
    const catalogue = serviceCatalogue(actions, version);
    made = { body: JSON.stringify(catalogue), etag: `"${digestOf(catalogue)}"` };
    return made;
  };
}
