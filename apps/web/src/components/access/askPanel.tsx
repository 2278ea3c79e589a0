// Who calls whom, and beside it the box that tells whether a call may pass: a square of the matrix asks it. Apart from the
// rules, whose hits move with each tick.
'use client'
import { useQueryClient } from '@tanstack/react-query'
import { parseAsString, useQueryStates } from 'nuqs'
import { memo, useRef } from 'react'
import { useRange } from '@/components/frame/useRange'
import { useTRPC } from '@/trpc/client'
import { MatrixPanel, type Mesh } from './matrixPanel'
import { type Question, Tester } from './tester'

/** The tester's question. */
const parsers = {
  caller: parseAsString.withDefault(''),
  method: parseAsString.withDefault('GET'),
  path: parseAsString.withDefault('/'),
  on: parseAsString.withDefault(''),
}

interface Props extends Mesh {
  service: string | undefined
  /** Those of TCP. */
  opaque: readonly string[]
}

export const AskPanel = memo(function AskPanel({ service, services, opaque, defaultAccess }: Readonly<Props>) {
  const trpc = useTRPC()
  const range = useRange()
  const queries = useQueryClient()
  /** How often the tester was asked: an answer that comes late is not of the question that is there now. */
  const asked = useRef(0)
  const [view, setView] = useQueryStates(parsers)
  const question: Question = {
    caller: view.caller,
    method: view.method,
    path: view.path,
    service: view.on === '' ? (service ?? '') : view.on,
  }
  const ask = ({ caller, method, path, service: on }: Question) => {
    asked.current++
    void setView({ caller, method, path, on })
  }
  /** About a square of the matrix: what that caller asks most. Without an answer there is still a question. */
  const askAbout = async (caller: string, on: string) => {
    asked.current++
    const mine = asked.current
    const options = trpc.access.mostCalled.queryOptions({ caller, service: on, range: range.input }, { retry: false })
    const most = await queries.fetchQuery(options).catch(() => null)
    // Whoever has pressed another square meanwhile, or typed, asks that.
    if (asked.current === mine) ask({ caller, method: most?.method ?? 'GET', path: most?.path ?? '/', service: on })
  }
  return (
    <div className="mb-6 grid gap-6 border-line border-b pb-6 xl:grid-cols-[minmax(0,1fr)_380px]">
      <MatrixPanel
        service={service}
        services={services}
        defaultAccess={defaultAccess}
        chosen={question.caller === '' ? null : { source: question.caller, destination: question.service }}
        onAsk={(caller, on) => void askAbout(caller, on)}
      />
      <div className="min-w-0 xl:border-line xl:border-l xl:pl-6">
        <Tester question={question} services={services} opaque={opaque} onChange={ask} />
      </div>
    </div>
  )
})
