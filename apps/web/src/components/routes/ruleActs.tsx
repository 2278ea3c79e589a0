// What can be done with a rule: edit, move where order decides, delete.
'use client'
import { type Route, rulesOf } from '@heddle/shared/resources/anyRoute'
import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react'
import { usePermission } from '@/components/frame/usePermission'
import { GuardedButton } from '@/components/ui/permission'
import { afterDeletion, afterLastDeletion } from '@/data/afterDeletion'
import { isTied, movedBefore, withoutRule } from '@/data/routeEdit'
import type { TrafficGetOutput, TrafficRule } from '@/server/schemas/traffic'
import type { RouteChange } from './useRouteChange'

interface Props {
  page: TrafficGetOutput
  place: number
  isOpening: boolean
  change: RouteChange
  onEdit: () => void
}

export function RuleActs({ page, place, isOpening, change, onEdit }: Readonly<Props>) {
  const permission = usePermission('route.write')
  const { rules } = page
  const rule = rules[place]
  if (rule === undefined) return null
  const canGoUp = isTied(rules, place - 1)
  const canGoDown = isTied(rules, place)
  const move = async (winner: TrafficRule | undefined, loser: TrafficRule | undefined) => {
    if (winner === undefined || loser === undefined) return
    const base = await change.read(rule.kind, rule.route)
    if (base === null) return
    change.propose({
      kind: rule.kind,
      name: rule.route,
      base,
      edit: (route) => (route === null ? null : movedBefore(route, winner.rule, loser.rule)),
      title: `Let ${winner.rule} win over ${loser.rule}?`,
      sentence: () =>
        `Both are alike to the precedence of the Gateway API, so the first in ${rule.kind} ${rule.route} wins. ${rule.kind === 'GRPCRoute' ? 'Calls' : 'Requests'} that match both will take ${winner.rule}.`,
      act: `Put ${winner.rule} first`,
      done: `${winner.rule} now wins over ${loser.rule}`,
    })
  }
  const remove = async () => {
    const base = await change.read(rule.kind, rule.route)
    if (base === null) return
    change.propose({
      kind: rule.kind,
      name: rule.route,
      base,
      edit: (route) => (route === null ? null : withoutRule(route, rule.rule)),
      title: `Delete the route for ${rule.match}?`,
      sentence: () => consequence(page, rule, base),
      act: 'Delete route',
      isDeletion: true,
      done: `Deleted ${rule.label}`,
    })
  }
  return (
    <>
      <GuardedButton permission={permission} size="small" disabled={isOpening} onClick={onEdit}>
        <Pencil size={13} aria-hidden />
        Edit route
      </GuardedButton>
      {canGoUp && (
        <GuardedButton permission={permission} size="small" onClick={() => void move(rule, rules[place - 1])}>
          <ArrowUp size={13} aria-hidden />
          Move up
        </GuardedButton>
      )}
      {canGoDown && (
        <GuardedButton permission={permission} size="small" onClick={() => void move(rules[place + 1], rule)}>
          <ArrowDown size={13} aria-hidden />
          Move down
        </GuardedButton>
      )}
      <GuardedButton permission={permission} size="small" look="danger" onClick={() => void remove()}>
        <Trash2 size={13} aria-hidden />
        Delete
      </GuardedButton>
      <span className="text-12 text-ink-2">
        {canGoUp || canGoDown
          ? `Its place is its place in ${rule.kind} ${rule.route}: what precedence compares is alike.`
          : rules.length > 1
            ? 'Its place comes from what it matches, so it cannot be moved.'
            : ''}
      </span>
    </>
  )
}

function consequence({ service, rules, ignored }: TrafficGetOutput, rule: TrafficRule, base: Route): string {
  const others = new Set(rules.filter(({ label }) => label !== rule.label).map(({ label }) => label))
  const whole =
    rulesOf(base).length === 1 ? `${rule.kind} ${rule.route} goes with it, since this is its only rule. ` : ''
  return `${whole}${others.size === 0 ? afterLastDeletion(service, ignored) : afterDeletion(rules, rule.label)}`
}
