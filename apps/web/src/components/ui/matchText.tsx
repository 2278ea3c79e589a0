// A match as it reads everywhere: what is typed in mono, its conditions in words.

interface Props {
  /** "GET /products where header x-beta is 1". */
  match: string
  /** Class of the size of what is typed. */
  size?: string
}

export function MatchText({ match, size = 'text-12' }: Readonly<Props>) {
  const where = match.indexOf(' where ')
  if (where === -1) return <span className={`font-mono ${size}`}>{match}</span>
  return (
    <span>
      <span className={`font-mono ${size}`}>{match.slice(0, where)}</span>
      <span className="font-normal text-13 text-ink-2">{match.slice(where)}</span>
    </span>
  )
}
