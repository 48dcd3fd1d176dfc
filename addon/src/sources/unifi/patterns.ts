/** Which names fit a pattern, with `*` for anything, whatever their case. */
export function patternOf(pattern: string): (name: string) => boolean {
  // Runs of stars as one: side by side they would take exponential time on a long name.
  const parts = pattern.split(/\*+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 'isu');
  return (name) => expression.test(name);
}
