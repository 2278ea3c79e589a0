// Threads through two eyes on one wire: what a heddle does. The one drawing in the console that shows no data.

interface Strand {
  from: number
  to: number
  eye: number
  count: number
}
const GAP = 5
/** Heights in a drawing of 860 × 900; `from` left, `eye` at the wire, `to` right: of the strand's first thread. */
const STRANDS: readonly Strand[] = [
  { from: 98, to: 96, eye: 249, count: 8 },
  { from: 225, to: 325, eye: 287, count: 26 },
  { from: 475, to: 122, eye: 421, count: 11 },
  { from: 622, to: 587, eye: 481, count: 6 },
  { from: 756, to: 744, eye: 510, count: 5 },
]
const DYED: readonly Strand[] = [
  { from: 138, to: 195, eye: 610, count: 1 },
  { from: 355, to: 446, eye: 616, count: 4 },
  { from: 530, to: 622, eye: 636, count: 1 },
  { from: 652, to: 764, eye: 642, count: 2 },
]

/** All threads as one path; `pitch` is how close they lie in the eye. */
function woven(strands: readonly Strand[], pitch: number): string {
  return strands
    .flatMap(({ from, eye, to, count }) =>
      Array.from({ length: count }, (_, n) => {
        const [y1, y2, y3] = [from + n * GAP, eye + n * pitch, to + n * GAP]
        return `M0 ${y1}C150 ${y1} 240 ${y2} 420 ${y2}S690 ${y3} 860 ${y3}`
      }),
    )
    .join('')
}

export function Weave() {
  return (
    <svg viewBox="0 0 860 900" preserveAspectRatio="xMidYMid slice" aria-hidden className="absolute inset-0 size-full">
      <path d={woven(STRANDS, 3.6)} fill="none" stroke="var(--n-7)" strokeWidth={0.9} />
      <path d={woven(DYED, 5)} fill="none" stroke="var(--dye-2)" strokeWidth={1.25} />
      <g fill="none" stroke="var(--text-1)" strokeWidth={2}>
        <path d="M420 0v235M420 534v62M420 660v240" />
        <rect x={411} y={235} width={18} height={299} rx={9} />
        <rect x={411} y={596} width={18} height={64} rx={9} />
      </g>
    </svg>
  )
}
