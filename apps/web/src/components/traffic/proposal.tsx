// What a draft would do: threads that move, and what success, volume and failures would be if every version keeps its
// rates.
import { formatLatency, formatRate, formatSuccess, formatThreeFigures, plural, quantityText } from '@/data/numbers'
import { sharesText, threadsOf } from '@/data/shares'
import { backendsInWords, type DraftBackend, remaining } from '@/data/splitDraft'
import { type Forecast, p99Between, rateNow } from '@/data/splitForecast'
import type { TrafficBackend } from '@/server/schemas/traffic'
import { ThreadsDiagram } from './threadsDiagram'

interface Props {
  draft: readonly DraftBackend[]
  /** What is known of each backend of the draft. */
  backends: readonly TrafficBackend[]
  nowText: string
  expected: Forecast
}

export function Proposal({ draft, backends, nowText, expected }: Readonly<Props>) {
  const now = backends.map(({ percent }) => percent)
  const proposed = draft.map(({ share }) => share)
  const split = sharesText(remaining(draft).map(({ share }) => share))
  const changesBackends = backendsInWords(draft)
  const { moved } = threadsOf(now, proposed)
  const total = proposed.reduce((a, b) => a + b, 0)
  const rising = backends.findIndex((backend, i) => (proposed[i] ?? 0) > backend.percent)
  const gaining = backends[rising]
  const p99 = p99Between(backends, proposed)
  const rows: { label: string; now: string; next: string; unit: string }[] = []
  if (expected.success.now !== null && expected.success.next !== null)
    rows.push({
      label: 'Success',
      now: formatSuccess(expected.success.now),
      next: formatSuccess(expected.success.next),
      unit: '%',
    })
  if (gaining !== undefined)
    rows.push({
      label: `Volume to ${gaining.version ?? gaining.name}`,
      now: formatThreeFigures(rateNow(gaining)),
      next: formatRate(expected.volume[rising] ?? 0).text,
      unit: 'rps',
    })
  if (expected.failedPerMinute.now !== null && expected.failedPerMinute.next !== null)
    rows.push({
      label: 'Failed calls',
      now: formatThreeFigures(expected.failedPerMinute.now),
      next: formatThreeFigures(expected.failedPerMinute.next),
      unit: 'per min',
    })
  return (
    <div className="mt-3 grid grid-cols-[140px_minmax(140px,1fr)_200px_466px] items-end gap-x-4 gap-y-4 max-xl:grid-cols-[80px_minmax(0,1fr)_150px] max-md:grid-cols-1">
      <span className="flex h-[60px] flex-col items-end justify-between text-ink-2 max-md:hidden">
        <span>now</span>
        <span className="font-semibold text-ink">proposed</span>
      </span>
      <div className="max-md:border-line max-md:border-t max-md:pt-3">
        {changesBackends !== '' && <p className="pb-1.5 font-medium">{changesBackends}</p>}
        <p className="flex justify-between pb-1.5 text-ink-2 md:hidden">
          <span>now {nowText}</span>
          <span>{plural(moved, 'thread')} move</span>
        </p>
        <ThreadsDiagram now={now} proposed={proposed} />
        <p className="flex justify-between pt-1.5 md:hidden">
          <span className="font-semibold">proposed {split}</span>
          <span className="text-ink-2">
            total <span className="font-semibold text-ink">{total}</span> %
          </span>
        </p>
      </div>
      <span className="flex h-[84px] flex-col justify-between text-ink-2 max-md:hidden">
        <span>
          total <span className="font-semibold text-ink">{total}</span> %
        </span>
        <span>{nowText}</span>
        <span className="text-12">{plural(moved, 'thread')} move</span>
        <span className="font-semibold text-ink">{split}</span>
      </span>
      <div className="max-xl:col-span-full">
        <h4 className="pb-1 text-12 text-ink-2">If every version keeps its rates</h4>
        <dl className="grid w-fit grid-cols-[130px_70px_16px_70px_60px] gap-x-2 max-md:w-full max-md:grid-cols-[minmax(0,1fr)_64px_16px_64px_52px] gap-y-0.5">
          {rows.map((row) => (
            <div key={row.label} className="contents">
              <dt className="text-ink-2">{row.label}</dt>
              <dd className="text-right text-ink-2">{row.now}</dd>
              <dd aria-hidden className="text-ink-3">
                →
              </dd>
              <dd className="text-right font-semibold">{row.next}</dd>
              <dd className="text-ink-3">{row.unit}</dd>
            </div>
          ))}
          {rows.length === 0 && <p className="col-span-full text-ink-3">Not known: a version has had no calls.</p>}
        </dl>
        {p99 !== null && (
          <p className="mt-0.5 text-ink-2">
            p99 between {quantityText(formatLatency(p99.least.golden.latencyMs.p99))} ({p99.least.name}) and{' '}
            {quantityText(formatLatency(p99.most.golden.latencyMs.p99))} ({p99.most.name})
          </p>
        )}
      </div>
    </div>
  )
}
