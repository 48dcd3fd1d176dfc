const KEPT = /-labkeeper-kept-[0-9a-f]{12}$/;

/** What an old container is called while it is kept. */
export const keptName = (name: string, id: string): string => `${name}-labkeeper-kept-${id.slice(0, 12)}`;

/** What a container is called when nobody keeps it. */
export const settledName = (name: string): string => name.replace(/^\//, '').replace(KEPT, '');

export const isKept = (name: string): boolean => KEPT.test(name);
