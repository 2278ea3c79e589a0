// The README's table is made of the results, never by hand. Pure.

export const BEGIN = '<!-- npm run bench: begin -->'
export const END = '<!-- npm run bench: end -->'

/** The README with `part` between its markers. Throws where there are none. */
export function withPart(readme: string, part: string): string {
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`The README has no place for the results: ${BEGIN} … ${END}`)
  return `${readme.slice(0, begin + BEGIN.length)}\n${part}\n${readme.slice(end)}`
}
