// How the calls of a route ended as far as trying again goes, and what each way means by this route's configuration. Pure.
import type { ServiceSettings } from '@heddle/shared/resources/service'
import type { WireRule } from '@heddle/shared/wire/config'
import { durationText, formatCount, NBSP, plural } from '../../data/numbers.ts'
import type { Totals } from '../metrics/totals.ts'
import { FATES, type Fate, type FateRow } from '../schemas/route.ts'

/** Of the rule; null: no rule is configured, and what needs no asking is all that is repeated. */
type Configured = Pick<WireRule, 'retry' | 'timeouts'> | null
type Budget = ServiceSettings['retryBudget']

/** In the order in which a call comes to them. */
export function fatesOf(totals: Totals, rule: Configured, budget: Budget): FateRow[] {
  const skipped = [...totals.retriesSkipped.values()].reduce((sum, count) => sum + count, 0)
  const calls: Record<Fate, number> = {
    first_try: Math.max(0, totals.requests - totals.recovered - skipped),
    after_retry: totals.recovered,
    not_retryable: 0,
    body_too_large: 0,
    budget_exhausted: 0,
    attempts_exhausted: 0,
    deadline: 0,
    ...Object.fromEntries(totals.retriesSkipped),
  }
  return FATES.map((fate) => ({
    fate,
    calls: calls[fate],
    share: totals.requests === 0 ? null : (calls[fate] / totals.requests) * 100,
    meaning: meaningOf(fate, totals, rule, budget),
  }))
}

function meaningOf(fate: Fate, totals: Totals, rule: Configured, budget: Budget): string {
  const retry = rule?.retry ?? null
  const asks = retry !== null && retry.attempts > 0
  switch (fate) {
    case 'first_try':
      return `ended without a failure that called for another try${refusalsOf(totals)}`
    case 'after_retry':
      return asks
        ? `${codesOf(retry)} was tried again, and that worked`
        : 'no byte had been sent, or an idle connection had died: tried again at once, which is always safe'
    case 'not_retryable':
      return asks
        ? `a status other than ${codesOf(retry)}${retry.nonIdempotent ? '' : ', or a method that may not be sent twice, such as POST'}`
        : 'this route asks for no retries, so only what was never sent is repeated'
    case 'body_too_large':
      return `bodies above 64${NBSP}KiB are not kept for another try`
    case 'budget_exhausted':
      return `the budget of ${budget.percent}${NBSP}% of the calls + ${budget.minPerSecond}/s over ${durationText(budget.windowMs)} was used up`
    case 'attempts_exhausted':
      return asks
        ? `all of ${plural(retry.attempts, 'retry', 'retries')} made, the last one failed too`
        : 'the one repeat that is always safe was made, and failed too'
    case 'deadline':
      return deadlineOf(rule)
  }
}

/** "502, 503 or no answer": an attempt without an answer is covered by any `retry`. */
function codesOf(retry: NonNullable<WireRule['retry']>): string {
  return [...retry.codes.map(String), 'no answer'].join(', ').replace(/, no answer$/, ' or no answer')
}

function deadlineOf(rule: Configured): string {
  const timeout = rule?.timeouts.requestMs ?? null
  return timeout === null
    ? 'this route sets no timeout for the request, so there is always time for another try'
    : `the timeout of ${durationText(timeout)} left no time for another try`
}

/** What ended at once and was no answer of the application. */
function refusalsOf({ denied, limited, cancelled }: Totals): string {
  const parts = (
    [
      [denied, 'denied'],
      [limited, 'over a limit'],
      [cancelled, 'given up by the caller'],
    ] as const
  ).flatMap(([count, word]) => (count === 0 ? [] : [`${formatCount(count)} ${word}`]))
  return parts.length === 0 ? '' : `; of these ${parts.join(', ')}`
}
