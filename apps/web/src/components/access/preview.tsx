// What a rule would have done to the calls of the last 24 hours: a sentence, and the calls with their hours.
'use client'
import { useMoment } from '@/components/frame/useMoment'
import { useZone } from '@/components/frame/useZone'
import { StatusMark } from '@/components/ui/status'
import { canAllow } from '@/data/allowToo'
import { formatCount, NBSP, plural } from '@/data/numbers'
import { clockTime, lengthText } from '@/data/timeRange'
import { OUTSIDE_NAME } from '@/data/verdicts'
import { zoneName } from '@/data/zone'
import type { Affected, RecordedCall, Replay } from '@/server/schemas/accessPreview'
import { HourBars } from './hourBars'

export function PreviewSummary({ replay }: Readonly<{ replay: Replay }>) {
  const moment = useMoment()
  const { denied, admitted, unknown, unchanged } = replay
  const asked = {
    asked: 'if it were enforced',
    saved: 'with the rule as it is here',
    removed: 'without the rule',
  }[replay.meaning]
  const isHarmful = denied.calls > 0
  return (
    <div>
      <p className="text-12 text-ink-2">
        {recordOf(replay)}, {asked}
        {replay.recordedMs === null ? `, since ${moment(replay.from)}` : ''}
      </p>
      <p className="flex items-start gap-2.5 font-semibold text-16">
        <StatusMark state={isHarmful ? 'degraded' : 'idle'} className="mt-1.5" />
        <span>{headline(replay)}</span>
      </p>
      <p className="mt-1 text-ink-2">
        {denied.calls > 0 && admitted.calls > 0 && `It would have let in ${callsOf(admitted)}. `}
        {formatCount(unchanged)} {unchanged === 1 ? 'call is' : 'calls are'} left alone
        {unknown.calls === 0
          ? '.'
          : `; of ${plural(unknown.calls, 'call')} nobody can tell: an id may be one that a rule names, or the path or the headers were not kept.`}
      </p>
    </div>
  )
}

/** Of a young mesh, what there is: "24 h" would promise a day that nobody has seen. */
function recordOf({ recordedMs }: Replay): string {
  if (recordedMs === null) return `Last 24${NBSP}h`
  const minutes = Math.floor(recordedMs / 60_000)
  return minutes === 0 ? 'In the first minute recorded' : `In the ${lengthText(minutes * 60_000)} recorded so far`
}

const callsOf = ({ calls, callers }: Affected) => `${plural(calls, 'call')} from ${plural(callers, 'caller')}`

function headline({ denied, admitted, unknown }: Replay): string {
  if (denied.calls > 0) return `Would have denied ${callsOf(denied)}`
  if (admitted.calls > 0) return `Would have let in ${callsOf(admitted)}`
  return unknown.calls > 0 ? 'Would have changed no call for certain' : 'Would have changed no call'
}

interface RowsProps {
  replay: Replay
  /** null: the rule is no Allow rule, or may not be edited here. */
  onAllowToo: ((call: RecordedCall) => void) | null
}

export function PreviewRows({ replay, onAllowToo }: Readonly<RowsProps>) {
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Rows title="Would be denied" affected={replay.denied} color="var(--warn)" onAllowToo={onAllowToo} />
      <Rows title="Would be let in" affected={replay.admitted} color="var(--ok)" onAllowToo={null} />
      <Rows title="Cannot tell" affected={replay.unknown} color="var(--control)" onAllowToo={null} />
    </div>
  )
}

interface SectionProps {
  title: string
  affected: Affected
  color: string
  onAllowToo: RowsProps['onAllowToo']
}

function Rows({ title, affected, color, onAllowToo }: Readonly<SectionProps>) {
  const [zone] = useZone()
  if (affected.rows.length === 0) return null
  return (
    <section
      className="relative max-h-96 overflow-y-auto"
      tabIndex={affected.rows.length > 8 ? 0 : undefined}
      aria-label={title}
    >
      <table className="grid-table">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">Call, ids as *</th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col" className="number max-md:hidden">
              Last hour
            </th>
            <th scope="col" className="max-md:hidden">
              24 h, per hour
            </th>
            {onAllowToo !== null && (
              <th scope="col">
                <span className="sr-only">Act</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {affected.rows.map((row) => (
            <tr key={`${row.service} ${row.source} ${row.method} ${row.path} ${row.route}`}>
              <td className="max-w-40 truncate font-medium">{callerOf(row)}</td>
              <td className="max-w-64 py-1">
                <code
                  className="block truncate font-mono text-12"
                  title={`${row.method} ${row.path}, route ${row.route}`}
                >
                  {row.path === 'other' ? 'any other call' : `${row.method} ${row.path}`}
                </code>
                {row.route !== 'default' && row.route !== 'other' && (
                  <span className="block truncate text-12 text-ink-2 leading-4">{row.route}</span>
                )}
              </td>
              <td className="number">{formatCount(row.calls)}</td>
              <td className="number text-ink-2 max-md:hidden">
                {clockTime(row.lastHour, zone)} {zoneName(row.lastHour, zone)}
              </td>
              <td className="max-md:hidden">
                <HourBars hours={row.hours} color={color} />
              </td>
              {onAllowToo !== null && (
                <td className="number">
                  {canAllow(row) && (
                    <button
                      type="button"
                      onClick={() => onAllowToo(row)}
                      className="font-medium text-accent-text hover:underline max-md:min-h-11"
                    >
                      Allow this too<span className="sr-only">: {`${callerOf(row)} ${row.method} ${row.path}`}</span>
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
          <tr>
            <td className="text-ink-2">{plural(affected.callers, 'caller')}</td>
            <td className="text-ink-2">
              {affected.moreRows > 0 && `${plural(affected.moreRows, 'more call')} not listed`}
            </td>
            <td className="number font-semibold">{formatCount(affected.calls)}</td>
            <td colSpan={onAllowToo === null ? 2 : 3} className="max-md:hidden" />
          </tr>
        </tbody>
      </table>
    </section>
  )
}

function callerOf({ source }: RecordedCall): string {
  if (source === '*' || source === 'other') return 'others'
  return source === 'public' ? OUTSIDE_NAME : source
}
