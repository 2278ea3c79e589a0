// What the command imports of build.mjs.

/** Generates the database client, unless it is newer than the schema. Throws with the generator's output. */
export function ensureGenerated(): Promise<void>

/** Builds the console, unless it was built from exactly these sources. Throws with the build's output. */
export function ensureConsole(): Promise<void>

/** Bundles `heddle run` and the proxy, unless that was done from exactly these sources. Where it cannot, it says so on stderr. */
export function ensureBundle(): Promise<void>
