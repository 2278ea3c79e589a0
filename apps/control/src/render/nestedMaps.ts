// Maps of maps that hold no empty ones.

/** The inner map of `key`, made where it is missing. */
export function into<K, J, V>(maps: Map<K, Map<J, V>>, key: K): Map<J, V> {
  let map = maps.get(key)
  if (map === undefined) {
    map = new Map()
    maps.set(key, map)
  }
  return map
}

/** Takes `inner` out of the map of `key`, and the map with its last entry. */
export function outOf<K, J, V>(maps: Map<K, Map<J, V>>, key: K, inner: J): void {
  const map = maps.get(key)
  map?.delete(inner)
  if (map?.size === 0) maps.delete(key)
}
