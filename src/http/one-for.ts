/** One of a thing for each site or wiring: made when first asked for, gone with it. */
export function oneFor<Of extends object, Thing>(make: (of: Of) => Thing): (of: Of) => Thing {
  const kept = new WeakMap<Of, Thing>();
  return of => {
    const known = kept.get(of);
    if (known !== undefined) return known;
    const made = make(of);
    kept.set(of, made);
    return made;
  };
}
