/** An object as another part of the page may have it: some members of its own, all others those of the owner, still alive and reactive. */
export function lent<T extends object>(owner: T, own: Record<PropertyKey, unknown>): T {
  return new Proxy(owner, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return own[name];
      const found: unknown = Reflect.get(target, name, target); // the owner's private fields answer to the owner alone
      return typeof found === 'function' ? (found as (...given: unknown[]) => unknown).bind(target) : found;
    },
  });
}
