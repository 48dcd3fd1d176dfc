/** Defines an element, unless another copy of this module did: a second definition would throw. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (customElements.get(tag) === undefined) customElements.define(tag, element);
}
