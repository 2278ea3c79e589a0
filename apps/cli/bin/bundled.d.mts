// What the command and its tests import of bundled.mjs.

/** Where builds lie, each in a folder of its own. */
export function bundlesIn(root: string): string

/** Path of the file that says which build is the last, and of which files it was made. */
export function manifestIn(root: string): string

/** What changes when a file does; undefined where there is none. */
export function stampOf(path: string): string | undefined

/** The program for a command line of `heddle` in the clone at `root`: bundled where that is current, else the sources. */
export function programOf(root: string, args: readonly string[]): string
