// What the command imports of nodeOptions.mjs.

/** What Node is told before the program; `command` is the first argument of `heddle`. */
export function nodeOptions(command: string): readonly string[]
