// "May checkout POST /charge on payments?": the proxy's own decision, the rule that makes it, and why others do not.
'use client'
import { isServiceLabel } from '@heddle/shared/dnsLabel'
import { HTTP_METHODS } from '@heddle/shared/resources/httpRouteTerms'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useRange } from '@/components/frame/useRange'
import { AccessMark } from '@/components/ui/accessMark'
import { Picker } from '@/components/ui/picker'
import { Select } from '@/components/ui/select'
import { describeFailure } from '@/data/failure'
import { OUTSIDE_NAME } from '@/data/verdicts'
import { useTRPC } from '@/trpc/client'
import { Answer } from './testerAnswer'
import { useSettled } from './useSettled'

export interface Question {
  caller: string
  method: string
  path: string
  service: string
}

interface Props {
  question: Question
  services: readonly string[]
  /** Those of TCP: of a connection only the caller is known. */
  opaque: readonly string[]
  onChange: (question: Question) => void
}

const PUBLIC = 'public'
const MOST_ASKED = 4
const METHODS = HTTP_METHODS.map((method) => ({ value: method as string, label: method }))
const keyOf = ({ caller, method, path, service }: Question) => `${caller} ${method} ${path} on ${service}`

export function Tester({ question, services, opaque, onChange }: Readonly<Props>) {
  const trpc = useTRPC()
  const range = useRange()
  const typed = useSettled(question, keyOf(question))
  // Of a connection no path is judged, and a wrong one left over from a call could not be mended: its field is not shown.
  const settled = opaque.includes(typed.service) ? { ...typed, method: 'GET', path: '/' } : typed
  const isComplete = settled.caller !== '' && settled.service !== '' && settled.path !== ''
  const read = useQuery(
    trpc.access.explain.queryOptions(
      { ...settled, range: range.input },
      { enabled: isComplete, placeholderData: keepPreviousData, retry: false },
    ),
  )
  const asked = useAsked(settled, read.data?.malformed === null && !read.isPlaceholderData ? read.data.allowed : null)
  const isOpaque = opaque.includes(question.service)
  const textOf = (asked: Question) =>
    opaque.includes(asked.service) ? `${asked.caller} to ${asked.service}` : keyOf(asked)
  const set = (part: Partial<Question>) => onChange({ ...question, ...part })
  return (
    <section aria-label="Ask before you call">
      <h2 className="mb-3 font-semibold text-14">Ask before you {isOpaque ? 'connect' : 'call'}</h2>
      <div className="flex flex-wrap items-center gap-2 text-14">
        May
        <Picker
          label="Caller"
          value={question.caller === '' ? null : question.caller}
          options={[PUBLIC, ...services]}
          text={(name) => (name === PUBLIC ? OUTSIDE_NAME : name)}
          mayName={isServiceLabel}
          onChange={(caller) => set({ caller })}
        >
          <span className="text-ink-2">a caller</span>
        </Picker>
        {isOpaque ? (
          'connect to'
        ) : (
          <>
            <Select
              label="Call method"
              value={question.method}
              options={METHODS}
              onChange={(method) => set({ method })}
            />
            <input
              aria-label="Call path"
              value={question.path}
              spellCheck={false}
              autoCapitalize="off"
              onChange={(event) => set({ path: event.target.value })}
              className="h-7 w-36 rounded-1 border border-control bg-raised px-2 font-mono text-12 max-md:h-11 max-md:text-16"
            />
            on
          </>
        )}
        <Picker
          label="Called service"
          value={question.service === '' ? null : question.service}
          options={services}
          onChange={(service) => set({ service })}
        >
          <span className="text-ink-2">a service</span>
        </Picker>
        ?
      </div>
      <div aria-live="polite" className="mt-4">
        {read.isError ? (
          <p className="text-fail-text">{describeFailure(read.error).message}</p>
        ) : read.data === undefined ? (
          <p className="text-ink-2">
            {isComplete
              ? 'Asking…'
              : `Name a caller${isOpaque ? '' : ', a path'} and a service, or choose a square of the matrix.`}
          </p>
        ) : read.data.malformed !== null ? (
          <p>{read.data.malformed}</p>
        ) : (
          <Answer answer={read.data} question={settled} isOpaque={opaque.includes(settled.service)} />
        )}
      </div>
      {asked.length > 0 && (
        <div className="mt-5">
          <h3 className="text-12 text-ink-2">Asked before</h3>
          <ul>
            {asked.map(({ question: earlier, isAllowed }) => (
              <li key={keyOf(earlier)} className="border-line border-b">
                <button
                  type="button"
                  onClick={() => onChange(earlier)}
                  className="flex min-h-8 w-full items-center gap-2.5 text-left hover:bg-hover max-md:min-h-11"
                >
                  <AccessMark state={isAllowed ? 'allow' : 'deny'} />
                  <span className="min-w-0 flex-1 truncate">{textOf(earlier)}</span>
                  <span className="text-ink-2">{isAllowed ? 'yes' : 'no'}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

interface Asked {
  question: Question
  isAllowed: boolean
}

/** The last questions but the present one. */
function useAsked(question: Question, isAllowed: boolean | null): Asked[] {
  const [asked, setAsked] = useState<Asked[]>([])
  const key = keyOf(question)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is all that a question says.
  useEffect(() => {
    if (isAllowed === null) return
    setAsked((before) =>
      [{ question, isAllowed }, ...before.filter((one) => keyOf(one.question) !== key)].slice(0, MOST_ASKED + 1),
    )
  }, [key, isAllowed])
  return asked.filter((one) => keyOf(one.question) !== key).slice(0, MOST_ASKED)
}
