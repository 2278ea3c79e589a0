// A table with several keys for each entry: maps within maps, so that no key has to be put together to find one.

export type Nested<T> = Map<string, T>

/** What is below `key`; made where there is nothing yet. */
export function below<T>(map: Nested<Nested<T>>, key: string): Nested<T> {
  let found = map.get(key)
  if (found === undefined) {
    found = new Map()
    map.set(key, found)
  }
  return found
}
