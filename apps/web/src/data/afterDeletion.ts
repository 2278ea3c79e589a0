// Which rules take the requests of one that is deleted. Pure.

interface Ranked {
  label: string
  match: string
  pathType: 'Exact' | 'PathPrefix' | 'RegularExpression'
}

/** The match of a rule that takes whatever no rule before it took, in words. */
const EVERYTHING = 'any method /'

/**
 * A sentence about the requests that the rule takes now. `rules` is in the order in which they win: those before it win
 * over it already, so only later ones can take what it leaves.
 */
export function afterDeletion(rules: readonly Ranked[], label: string): string {
  const first = rules.findIndex((rule) => rule.label === label)
  const later = rules.slice(first + 1).filter((rule) => rule.label !== label)
  const end = later.findIndex(({ match, pathType }) => match === EVERYTHING && pathType === 'PathPrefix')
  const takers = [...new Set((end === -1 ? later : later.slice(0, end + 1)).map(({ match }) => match))]
  const [only, ...more] = takers
  if (only === undefined) return 'Its requests are then answered 404 (no_route): no later route can take them.'
  if (end !== -1 && more.length === 0) return `Its requests then take the route for ${only}.`
  const list = takers.join(', ')
  return end === -1
    ? `Its requests then take the first that matches of ${list}, and are answered 404 (no_route) where none does.`
    : `Its requests then take the first that matches of ${list}.`
}
