// Names that others chose, inside a sentence: marks that turn the direction of writing end with the name.

const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'
/** What would end our own isolation, or reach beyond it. */
const BIDI_CONTROLS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/g

/** The name in a direction of its own, without marks that act on what stands around it. */
export function isolated(name: string): string {
  return `${FIRST_STRONG_ISOLATE}${name.replaceAll(BIDI_CONTROLS, '')}${POP_ISOLATE}`
}
