/** A module of our own, to be imported when it is needed: imported directly, the bundle would not find its names. */
export { parseDocument, stringify } from 'yaml';
