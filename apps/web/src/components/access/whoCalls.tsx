// The matrix on a phone: one service, and who calls it or whom it calls.
'use client'
import { useState } from 'react'
import { AccessMark } from '@/components/ui/accessMark'
import { Picker } from '@/components/ui/picker'
import { Segmented } from '@/components/ui/segmented'
import { formatCount } from '@/data/numbers'
import { callerName } from '@/data/shownAccess'
import { VERDICT_TEXT } from '@/data/verdicts'
import type { AccessMatrix } from '@/server/schemas/accessPreview'
import type { Mesh } from './matrixPanel'

interface Props extends Mesh {
  matrix: AccessMatrix
  span: string
  service: string | undefined
  onAsk: (source: string, destination: string) => void
}

export function WhoCalls({ matrix, services, defaultAccess, span, service, onAsk }: Readonly<Props>) {
  const [direction, setDirection] = useState<'callers' | 'callees'>('callers')
  const [picked, setPicked] = useState<string | null>(null)
  const name = service ?? picked ?? matrix.destinations[0] ?? ''
  const isCallers = direction === 'callers'
  const cells = matrix.cells
    .filter(({ source, destination }) => (isCallers ? destination : source) === name)
    .sort((a, b) => b.calls - a.calls)
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="Direction"
          value={direction}
          segments={[
            { value: 'callers', label: 'Who calls' },
            { value: 'callees', label: 'Is called by' },
          ]}
          onChange={setDirection}
        />
        <Picker
          label="Service to look at"
          value={name}
          options={services}
          disabled={service !== undefined}
          onChange={setPicked}
        />
      </div>
      <ul className="mt-2">
        {cells.map((cell) => {
          const other = isCallers ? cell.source : cell.destination
          return (
            <li key={other}>
              <button
                type="button"
                onClick={() => onAsk(cell.source, cell.destination)}
                className="flex min-h-12 w-full items-center gap-3 border-line border-b text-left text-14"
              >
                <AccessMark state={cell.verdict} />
                <span className="min-w-0 flex-1 truncate">{callerName(other)}</span>
                <span className="text-13 text-ink-2">{VERDICT_TEXT[cell.verdict]}</span>
                <span className="min-w-14 text-right">{formatCount(cell.calls)}</span>
              </button>
            </li>
          )
        })}
      </ul>
      <p className="mt-2 text-13 text-ink-2">
        {cells.length === 0 && `${isCallers ? 'Nobody called' : 'Nothing was called by'} ${name}. `}
        Calls in the last {span}. Mesh default <span className="font-medium text-ink">{defaultAccess}</span>.
      </p>
    </div>
  )
}
