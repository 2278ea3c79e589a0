// Who may call a service, as its enforced rules and the mesh default say, in a sentence or two: the question that a list of
// rules leaves to its reader. For a single call the tester has the answer.
import type { AccessRule, Caller } from '@heddle/shared/resources/accessRule'

/** Callers that a sentence names before it counts. */
const NAMED = 3

type Spec = AccessRule['spec']

interface Words {
  verb: string
  noun: string
}
const CALLS: Words = { verb: 'call', noun: 'call' }
const CONNECTIONS: Words = { verb: 'connect to', noun: 'connection' }

/** `isOpaque`: it takes connections of TCP, which have no routes. */
export function whoMayCall(
  service: string,
  rules: readonly Spec[],
  defaultAccess: 'allow' | 'deny',
  isOpaque = false,
): string {
  const enforced = rules.filter(({ target, mode }) => target.service === service && mode !== 'audit')
  const ofService = enforced.filter(({ target }) => target.route === undefined)
  const allows = ofService.filter(({ action }) => action === 'Allow')
  const sentences = [openness(service, allows, defaultAccess, isOpaque ? CONNECTIONS : CALLS)]
  const closedRoutes = new Set(
    enforced.flatMap(({ target, action }) => (action === 'Allow' && target.route !== undefined ? [target.route] : [])),
  )
  if (closedRoutes.size > 0 && allows.length === 0 && defaultAccess === 'allow')
    sentences.push(
      `${count(closedRoutes.size, 'route')} of it ${closedRoutes.size === 1 ? 'is' : 'are'} open to fewer.`,
    )
  if (closedRoutes.size > 0 && (allows.length > 0 || defaultAccess === 'deny'))
    sentences.push(
      `${count(closedRoutes.size, 'route')} ${closedRoutes.size === 1 ? 'has' : 'have'} rules of their own.`,
    )
  const denies = enforced.filter(({ action }) => action === 'Deny')
  if (denies.length > 0)
    sentences.push(
      `${count(denies.length, 'rule')} ${denies.length === 1 ? 'denies' : 'deny'} some ${isOpaque ? 'connections' : 'calls'} first.`,
    )
  return sentences.join(' ')
}

function openness(
  service: string,
  allows: readonly Spec[],
  defaultAccess: 'allow' | 'deny',
  { verb, noun }: Words,
): string {
  if (allows.length === 0)
    return defaultAccess === 'allow'
      ? `Every service of the mesh may ${verb} ${service}: no rule closes it.`
      : `Nobody may ${verb} ${service}: the mesh default denies, and no rule allows a ${noun}.`
  const callers = [...new Set(allows.flatMap(({ from }) => from.map(callerText)))]
  const areSome = allows.some(({ to }) => to !== undefined)
  return `Only ${listText(callers)} may ${verb} ${service}${areSome ? ', and not everything of it' : ''}; every other ${noun} is denied.`
}

function callerText(caller: Caller): string {
  if ('service' in caller) return caller.service
  return caller.any === 'authenticated' ? 'services of the mesh' : 'callers from outside'
}

function listText(names: readonly string[]): string {
  const shown = names.length > NAMED + 1 ? [...names.slice(0, NAMED), `${names.length - NAMED} more`] : names
  return shown.length === 1 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

const count = (n: number, noun: string) => `${n === 1 ? 'One' : n} ${noun}${n === 1 ? '' : 's'}`
