// The tester's answer: Yes or No, the deciding rule, and each other rule with the reason why it does not decide.
'use client'
import { Check, X } from 'lucide-react'
import { TextLink } from '@/components/frame/link'
import { useMoment } from '@/components/frame/useMoment'
import { AccessMark } from '@/components/ui/accessMark'
import { formatRevision, plural } from '@/data/numbers'
import { routes } from '@/lib/routes'
import type { AccessExplained } from '@/server/schemas/accessPreview'
import type { Question } from './tester'

const RULES_SHOWN = 12

const EFFECT_TEXT: Readonly<Record<AccessExplained['rules'][number]['effect'], string>> = {
  decides: 'decides',
  agrees: 'agrees',
  audit: 'audits',
  closes: 'closes the target',
  none: 'does not apply',
}

interface Props {
  answer: AccessExplained
  question: Question
  /** The service takes connections of TCP. */
  isOpaque: boolean
}

export function Answer({ answer, question, isOpaque }: Readonly<Props>) {
  const moment = useMoment()
  const ranked = answer.rules.toSorted((a, b) => order(a.effect) - order(b.effect))
  const shown = ranked.slice(0, RULES_SHOWN)
  const Mark = answer.allowed ? Check : X
  return (
    <>
      <p className="flex items-start gap-3">
        <span
          aria-hidden
          className={`mt-1.5 grid size-4 shrink-0 place-items-center rounded-1 ${answer.allowed ? 'bg-ok text-canvas' : 'bg-fail text-canvas'}`}
        >
          <Mark size={12} strokeWidth={3} />
        </span>
        <span>
          <span className="block font-semibold text-20">{answer.allowed ? 'Yes.' : 'No.'}</span>
          <span className="block text-14 text-ink-2">{answer.summary}</span>
          {answer.warnings.map((warning) => (
            <span key={warning} className="block text-warn-text">
              {warning}
            </span>
          ))}
        </span>
      </p>
      <ul className="mt-3 border-line-strong border-t">
        {shown.map((rule) => (
          <li key={rule.rule} className="flex gap-3 border-line border-b py-2">
            <span className="mt-1 w-3 shrink-0">
              {rule.effect === 'none' ? <Dash /> : <AccessMark state={markOf(rule)} />}
            </span>
            <span className="min-w-0 flex-1">
              <span className="flex gap-2">
                <TextLink href={routes.rule(rule.rule)} className="truncate text-ink">
                  {rule.rule}
                </TextLink>
                <span className="whitespace-nowrap text-ink-2">
                  {rule.action}, {rule.mode}
                </span>
                <span
                  className={`ml-auto whitespace-nowrap ${rule.effect === 'decides' ? 'font-semibold' : 'text-ink-2'}`}
                >
                  {EFFECT_TEXT[rule.effect]}
                </span>
              </span>
              <span className="block text-ink-2">{rule.why}</span>
              {rule.effect === 'decides' && rule.lastChange !== null && (
                <span className="block text-12 text-ink-2">
                  {formatRevision(rule.lastChange.revision)} by {rule.lastChange.actor}, {moment(rule.lastChange.at)}
                </span>
              )}
            </span>
          </li>
        ))}
        <li className="flex gap-3 border-line border-b py-2">
          <span className="mt-1 w-3 shrink-0">
            <Dash />
          </span>
          <span className="flex-1">
            <span className="flex gap-2">
              <span className="font-medium">Mesh default</span>
              <span className="text-ink-2">{answer.defaultAccess}</span>
              <span className={`ml-auto ${answer.because === 'default' ? 'font-semibold' : 'text-ink-2'}`}>
                {answer.because === 'default' ? 'decides' : 'not asked'}
              </span>
            </span>
            <span className="block text-ink-2">
              {whyDefault(answer, question.service, isOpaque ? 'connection' : 'call')}
            </span>
          </span>
        </li>
      </ul>
      {ranked.length > shown.length && (
        <p className="mt-1 text-ink-2">
          {plural(ranked.length - shown.length, 'more rule does not apply', 'more rules do not apply')}.
        </p>
      )}
      <p className="mt-3 text-12 text-ink-2">
        {isOpaque ? (
          'The whole connection is judged, whatever is said in it.'
        ) : (
          <>
            Judged on the path as routed, <code className="break-all font-mono">{answer.path}</code>, and on its worst
            reading,{' '}
            {answer.path === answer.worstPath ? (
              'here the same.'
            ) : (
              <code className="break-all font-mono text-warn-text">{answer.worstPath}</code>
            )}{' '}
            Without headers it takes the route <span className="font-medium">{answer.route}</span>
            {answer.worstRoute !== answer.route && ` (read in the worst way, ${answer.worstRoute})`}.
          </>
        )}
        <span className="block">
          {plural(answer.seen.calls, isOpaque ? 'such connection' : 'such call')} since {moment(answer.seen.from)}
          {!isOpaque && answer.seen.pattern !== answer.path && (
            <>
              , counted as <code className="break-all font-mono">{answer.seen.pattern}</code>
            </>
          )}
          .
        </span>
      </p>
    </>
  )
}

const Dash = () => (
  <span aria-hidden className="-mt-1 block text-center text-ink-3">
    –
  </span>
)

const order = (effect: AccessExplained['rules'][number]['effect']) =>
  ['decides', 'closes', 'agrees', 'audit', 'none'].indexOf(effect)

function markOf({ action, mode }: AccessExplained['rules'][number]) {
  return mode === 'audit' ? 'audit' : action === 'Deny' ? 'deny' : 'allow'
}

function whyDefault({ because, defaultAccess }: AccessExplained, service: string, noun: string): string {
  if (because === 'default')
    return `No rule decides this ${noun}, so the mesh ${defaultAccess === 'allow' ? 'allows' : 'denies'} it.`
  if (because === 'denied_by_rule') return 'A Deny rule decides before it is asked.'
  return `An Allow rule targets ${service}, so all else is denied there.`
}
