// What the command imports of nodeOptions.mjs.

/** What Node of `version` (as `process.versions.node`) is told before the program; `command` is the first argument of `heddle`. */
export function nodeOptions(command: string, version: string): readonly string[]
