// How well a text answers what somebody typed. Pure; the palette ranks by it in the browser and on the server.

/** Every word typed must be found; the sum of how well, or null. Higher is better; an empty query fits all alike. */
export function fuzzyScore(query: string, text: string): number | null {
  const words = wordsOf(query)
  const lower = text.toLowerCase()
  let score = 0
  for (const word of words) {
    const own = scoreOf(word, lower)
    if (own === null) return null
    score += own
  }
  // Of two that fit alike the shorter one is meant.
  return words.length === 0 ? 0 : score - Math.min(lower.length, 200) / 1_000
}

const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/).filter(Boolean)
const isBoundary = (text: string, at: number): boolean => at === 0 || !/[a-z0-9]/.test(text[at - 1] ?? '')

/** Same, begins, a word of it begins, holds, and last: its letters in this order. */
function scoreOf(word: string, text: string): number | null {
  if (text === word) return 100
  if (text.startsWith(word)) return 80
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) if (isBoundary(text, at)) return 60
  if (text.includes(word)) return 40
  const spread = spreadOf(word, text)
  return spread === null ? null : Math.max(1, 20 - spread)
}

/** How many letters lie between the letters of `word`; null: they are not there in this order, or too far apart. */
function spreadOf(word: string, text: string): number | null {
  if (word.length < 2) return null
  let at = -1
  let skipped = 0
  for (const letter of word) {
    const next = text.indexOf(letter, at + 1)
    if (next === -1) return null
    if (at !== -1) skipped += next - at - 1
    at = next
  }
  return skipped <= word.length * 2 ? skipped : null
}

/** The best first; equals keep their order. */
export function rank<Item>(query: string, items: Iterable<Item>, textOf: (item: Item) => string, most: number): Item[] {
  const scored: { item: Item; score: number }[] = []
  for (const item of items) {
    const score = fuzzyScore(query, textOf(item))
    if (score !== null) scored.push({ item, score })
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item }) => item)
}

/** Where the words were found literally, for bold type: [begin, end) each, in order and without overlap. */
export function matchedParts(query: string, text: string): [begin: number, end: number][] {
  const lower = text.toLowerCase()
  const found = wordsOf(query)
    .map((word): [number, number] => [lower.indexOf(word), lower.indexOf(word) + word.length])
    .filter(([begin]) => begin !== -1)
    .sort(([a], [b]) => a - b)
  const parts: [number, number][] = []
  for (const [begin, end] of found) {
    const last = parts.at(-1)
    if (last !== undefined && begin <= last[1]) last[1] = Math.max(last[1], end)
    else parts.push([begin, end])
  }
  return parts
}
