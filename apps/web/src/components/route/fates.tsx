// Retries: the fate of every call as a bar, the few that were not right at once enlarged below it, and what each means here.
import { formatCount, NBSP } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import type { Fate, FateRow, RouteGetOutput } from '@/server/schemas/route'

const NAME: Record<Fate, string> = {
  first_try: 'First try',
  after_retry: 'After a retry',
  not_retryable: 'Not retryable',
  body_too_large: 'Body too large',
  budget_exhausted: 'Budget exhausted',
  attempts_exhausted: 'Attempts exhausted',
  deadline: 'Deadline',
}
const HATCHED = 'repeating-linear-gradient(135deg, var(--c-2xx) 0 2px, var(--canvas) 2px 4px)'
const FILL: Record<Fate, string> = {
  first_try: 'var(--c-2xx)',
  after_retry: HATCHED,
  not_retryable: 'var(--c-5xx)',
  body_too_large: 'var(--c-mesh)',
  budget_exhausted: 'var(--c-mesh)',
  attempts_exhausted: 'var(--c-mesh)',
  deadline: 'var(--c-mesh)',
}

export function Fates({ data }: Readonly<{ data: RouteGetOutput }>) {
  const { fates, golden, range, side } = data
  const saved = fates.find(({ fate }) => fate === 'after_retry')
  return (
    <section aria-label="Retries" className="mt-8 border-line border-t pt-4">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-semibold text-14">Retries: the fate of every call</h2>
        <span className="text-12 text-ink-2">
          {formatCount(golden.requests)} calls
          {saved !== undefined && saved.calls > 0 && `, ${shareText(saved)}${NBSP}% were saved by another try`}
        </span>
        <span className="ml-auto text-12 text-ink-3">
          {side === 'callers' ? 'Callers’ side' : 'Server’s side'} · {lengthText(range.to - range.from)}
        </span>
      </div>
      {golden.requests > 0 && <Bars fates={fates} />}
      <table className="grid-table mt-3">
        <thead>
          <tr>
            <th scope="col">Fate</th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col" className="number">
              Share %
            </th>
            <th scope="col" className="pl-8 max-md:hidden">
              What it means here
            </th>
          </tr>
        </thead>
        <tbody>
          {fates.map((row) => (
            <tr key={row.fate} className={row.calls === 0 ? 'text-ink-2' : ''}>
              <td className="max-md:py-2">
                <span className="inline-flex items-center gap-2 whitespace-nowrap">
                  <Swatch row={row} />
                  {NAME[row.fate]}
                </span>
                <span className="block text-12 text-ink-2 md:hidden">{row.meaning}</span>
              </td>
              <td className="number">{formatCount(row.calls)}</td>
              <td className="number">{shareText(row)}</td>
              <td className="pl-8 text-ink-2 max-md:hidden">{row.meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Swatch({ row }: Readonly<{ row: FateRow }>) {
  const background = row.calls === 0 ? 'var(--line-strong)' : FILL[row.fate]
  return <span aria-hidden className="size-2 shrink-0 rounded-[2px]" style={{ background }} />
}

/** Decoration for the eye: the table beside it has every number. */
function Bars({ fates }: Readonly<{ fates: readonly FateRow[] }>) {
  const [first, ...others] = fates
  const rest = others.filter(({ calls }) => calls > 0)
  const restShare = rest.reduce((sum, { share }) => sum + (share ?? 0), 0)
  if (first === undefined) return null
  // A sliver that is there must be seen.
  const restWidth = rest.length === 0 ? 0 : Math.max(0.6, restShare)
  return (
    <div aria-hidden>
      <div className="mb-1 flex justify-between text-12 text-ink-2">
        <span>
          First try <span className="font-medium text-ink">{formatCount(first.calls)}</span>
        </span>
        {rest.length > 0 && (
          <span>
            the last {restShare < 0.01 ? '<0.01' : restShare.toFixed(2)}
            {NBSP}%, enlarged below
          </span>
        )}
      </div>
      <div className="flex h-3.5 gap-px overflow-hidden rounded-[2px]">
        <span className="min-w-0 flex-1" style={{ background: FILL.first_try }} />
        {rest.length > 0 && (
          <span style={{ width: `${restWidth}%` }} className="flex shrink-0">
            <Segments fates={rest} />
          </span>
        )}
      </div>
      {rest.length > 0 && (
        <>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden className="block h-6 w-full">
            <path d={`M${100 - restWidth} 0H100V10H0Z`} fill="var(--hover)" />
          </svg>
          <div className="flex h-3.5 gap-px overflow-hidden rounded-[2px]">
            <Segments fates={rest} isWide />
          </div>
          <div className="mt-1 flex flex-wrap gap-x-5 text-12 text-ink-2">
            {rest.map((row) => (
              <span key={row.fate} className="inline-flex items-center gap-1.5">
                <Swatch row={row} />
                {NAME[row.fate]} <span className="font-medium text-ink">{formatCount(row.calls)}</span>
              </span>
            ))}
          </div>
        </>
      )}
    </div>
  )
}

function Segments({ fates, isWide = false }: Readonly<{ fates: readonly FateRow[]; isWide?: boolean }>) {
  return fates.map(({ fate, calls }) => (
    <span
      key={fate}
      className={isWide ? 'min-w-[3px]' : ''}
      style={{ flexGrow: calls, flexBasis: 0, background: FILL[fate] }}
    />
  ))
}

/** Two decimals; what is there but smaller is "<0.01". */
function shareText({ calls, share }: FateRow): string {
  if (share === null) return '—'
  if (calls === 0) return '0'
  return share < 0.01 ? '<0.01' : (Math.floor(share * 100 + 1e-6) / 100).toFixed(2)
}
