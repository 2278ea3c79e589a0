// Which route would a request take? The rule, and why the others would not have it: the proxies' own decision.
'use client'
import type { Route, RouteKind } from '@heddle/shared/resources/anyRoute'
import { HTTP_METHODS } from '@heddle/shared/resources/httpRouteTerms'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { fieldClass } from '@/components/form/fieldClass'
import { AddRow, RemoveRow } from '@/components/form/rowButtons'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/select'
import { PanelError } from '@/components/ui/states'
import { cx } from '@/lib/classes'
import type { RouteExplained } from '@/server/schemas/routeEdits'
import { useTRPC } from '@/trpc/client'

interface Asked {
  method: string
  path: string
  headers: { name: string; value: string }[]
}
const METHODS = HTTP_METHODS.map((method) => ({ value: method, label: method }))

interface Props {
  service: string
  /** Of the service's routes: a call of gRPC is always a POST. */
  kind: RouteKind
  /** A route as it would be; the answer holds for it in place of the stored one. */
  draft?: Route
}

export function WhichRoute({ service, kind, draft }: Readonly<Props>) {
  const isGrpc = kind === 'GRPCRoute'
  const noun = isGrpc ? 'call' : 'request'
  const question = `Which route would a ${noun} take?`
  const trpc = useTRPC()
  const [method, setMethod] = useState<(typeof HTTP_METHODS)[number]>('GET')
  const [path, setPath] = useState('')
  const [headers, setHeaders] = useState<{ name: string; value: string; id: number }[]>([])
  const [asked, setAsked] = useState<Asked | null>(null)
  const answer = useQuery(
    trpc.traffic.explain.queryOptions(
      { service, method: 'GET', path: '/', ...asked, ...(draft !== undefined && { draft }) },
      { enabled: asked !== null, placeholderData: keepPreviousData, retry: false },
    ),
  )
  const ask = () =>
    setAsked({
      method: isGrpc ? 'POST' : method,
      path: path === '' ? '/' : path,
      headers: headers.filter(({ name }) => name !== '').map(({ name, value }) => ({ name, value })),
    })
  const edit = (at: number, part: { name?: string; value?: string }) =>
    setHeaders(headers.map((header, i) => (i === at ? { ...header, ...part } : header)))
  return (
    <section aria-label={question} className="rounded-2 border border-line-strong px-4 py-3">
      <h3 className="font-semibold text-14">
        {question}
        {draft !== undefined && (
          <span className="ml-2 font-normal text-12 text-ink-2">
            with {draft.kind} {draft.metadata.name} as drafted
          </span>
        )}
      </h3>
      <form
        className="mt-2 flex flex-wrap items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          ask()
        }}
      >
        {!isGrpc && (
          <Select
            label="Method of the request"
            value={method}
            options={METHODS}
            onChange={setMethod}
            className="h-8 rounded-2"
          />
        )}
        <input
          aria-label={isGrpc ? 'Service and method of the call' : 'Path of the request'}
          value={path}
          placeholder={isGrpc ? 'shop.v1.Catalog/GetProduct' : '/products?page=2'}
          spellCheck={false}
          autoCapitalize="off"
          maxLength={4_096}
          onChange={(event) => setPath(event.target.value)}
          className={cx(fieldClass, 'w-auto min-w-48 max-w-[480px] flex-1 font-mono text-12')}
        />
        {headers.map((header, i) => (
          <span key={header.id} className="flex items-start gap-1">
            <input
              aria-label={`Header ${i + 1} of the ${noun}`}
              value={header.name}
              placeholder="x-beta"
              spellCheck={false}
              maxLength={256}
              onChange={(event) => edit(i, { name: event.target.value })}
              className={cx(fieldClass, 'w-28 font-mono text-12')}
            />
            <input
              aria-label={`Value of header ${i + 1}`}
              value={header.value}
              placeholder="1"
              spellCheck={false}
              maxLength={4_096}
              onChange={(event) => edit(i, { value: event.target.value })}
              className={cx(fieldClass, 'w-28 font-mono text-12')}
            />
            <RemoveRow
              label={`Take out header ${i + 1} of the ${noun}`}
              onRemove={() => setHeaders(headers.filter((_, at) => at !== i))}
            />
          </span>
        ))}
        <AddRow
          label="header"
          onAdd={() =>
            headers.length < 32 &&
            setHeaders([...headers, { name: '', value: '', id: 1 + Math.max(0, ...headers.map(({ id }) => id)) }])
          }
        />
        <Button type="submit" className="h-8">
          Tell
        </Button>
      </form>
      <div aria-live="polite">
        {asked !== null && answer.isError && (
          <PanelError what="The answer" error={answer.error} onRetry={() => void answer.refetch()} />
        )}
        {asked !== null && answer.data !== undefined && !answer.isError && (
          <Answer
            answer={answer.data}
            asked={isGrpc ? answer.data.path.slice(1) : `${asked.method} ${answer.data.path}`}
          />
        )}
      </div>
    </section>
  )
}

const WORD = { won: 'takes it', outranked: 'outranked', no_match: 'no match' } as const

/** `asked`: the request in words. */
function Answer({ answer, asked }: Readonly<{ answer: RouteExplained; asked: string }>) {
  const winner = answer.refusal === null ? answer.rules.find(({ outcome }) => outcome === 'won') : undefined
  const goes = winner?.backends.filter(({ percent }) => percent > 0) ?? []
  return (
    <>
      <p className="mt-3 text-14">
        <span className="font-mono text-12">{asked}</span>{' '}
        {winner === undefined ? (
          <span className="font-medium">{answer.refusal}</span>
        ) : (
          <>
            is taken by <span className="font-semibold">{winner.label}</span>
            {goes.length > 0 && `: ${goes.map(({ name, percent }) => `${percent} % to ${name}`).join(', ')}`}
            {winner.filters.length > 0 && `; ${winner.filters.join('; ')}`}.
          </>
        )}
      </p>
      <ol className="mt-2 flex flex-col">
        {answer.rules.map((rule, i) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule with several matches stands here several times
            key={`${rule.label} ${i}`}
            className="grid grid-cols-[24px_minmax(120px,0.8fr)_80px_minmax(0,1.4fr)] gap-x-3 border-line border-t py-1.5 max-md:grid-cols-[24px_minmax(0,1fr)]"
          >
            <span className="text-ink-2">{i + 1}</span>
            <span
              className={`font-mono text-12 [overflow-wrap:anywhere] ${rule.outcome === 'won' ? 'font-semibold' : ''}`}
            >
              {rule.match}
            </span>
            <span
              className={`max-md:col-start-2 ${rule.outcome === 'won' ? 'font-medium text-ok-text' : 'text-ink-2'}`}
            >
              {WORD[rule.outcome]}
            </span>
            <span className="break-words text-ink-2 max-md:col-start-2">{rule.why}</span>
          </li>
        ))}
      </ol>
    </>
  )
}
