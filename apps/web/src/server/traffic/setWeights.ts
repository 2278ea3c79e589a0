// traffic.setWeights: another split of one rule, as one change. The route is read, edited and applied with the version
// that the edit was made from, so that two people cannot undo each other unseen.
import { applyDocuments } from '@heddle/db'
import { type Route, rulesOf } from '@heddle/shared/resources/anyRoute'
import type { z } from 'zod'
import { withSplit } from '../../data/routeWeights.ts'
import { ruleIndex } from '../../data/ruleIndex.ts'
import { applied } from '../config/applied.ts'
import { withVersion } from '../config/stored.ts'
import type { Console } from '../console.ts'
import type { Actor } from '../context.ts'
import { heddleError } from '../errors.ts'
import type { setWeightsInputSchema, setWeightsOutputSchema } from '../schemas/traffic.ts'

type Input = z.infer<typeof setWeightsInputSchema>

export async function setWeights(
  console: Console,
  actor: Actor,
  input: Input,
): Promise<z.infer<typeof setWeightsOutputSchema>> {
  const mesh = await console.mesh.current()
  const stored = mesh.routes.get(input.route)
  if (stored === undefined) throw heddleError('not_found', `There is no route ${input.route} (any more).`)
  const edited = withSplit(
    withVersion(stored),
    input.rule,
    new Map(input.weights.map(({ backend, weight }) => [String(backend), weight])),
  )
  if (edited === null)
    throw heddleError('not_found', `${stored.resource.kind} ${input.route} has no rule ${input.rule}.`)
  // A stale edit goes on with the version that it was made from, also where the rule's backends are others by now: the
  // database refuses it, and says whose change it would have overwritten. Where the newest weights are the wanted ones
  // already, nobody is overwritten.
  if (String(stored.version) === input.resourceVersion) checkBackends(stored.resource, input)
  const metadata = { ...edited.metadata, resourceVersion: input.resourceVersion }
  const output = await applyDocuments(console.db, { actor: actor.name, documents: [{ ...edited, metadata }] })
  return applied(output)
}

/** @throws HeddleError `invalid` where the weights are not those of the rule's backends. Pure. */
function checkBackends(route: Route, { rule: name, weights, added, removed }: Input): void {
  const names = (rulesOf(route)[ruleIndex(route, name)]?.backendRefs ?? []).map((ref) => String(ref.name))
  const wanted = new Map(weights.map(({ backend, weight }) => [String(backend), weight]))
  if (wanted.size !== weights.length) throw heddleError('invalid', 'A backend is named twice.')
  const left = names.filter((backend) => !removed.some((gone) => gone === backend))
  const known = [...left, ...added.map(String)]
  const missing = left.filter((backend) => !wanted.has(backend))
  const unknown = [...wanted.keys()].filter((backend) => !known.includes(backend))
  if (missing.length > 0)
    throw heddleError('invalid', `Give a weight for every backend; ${missing.join(', ')} has none.`)
  if (unknown.length > 0)
    throw heddleError('invalid', `The rule ${name} has no backend ${unknown.join(', ')}. Add it to the route first.`)
  if (weights.every(({ weight }) => weight === 0))
    throw heddleError('invalid', `At least one backend needs a weight above 0, or ${everyAnswer(route)}.`)
}

/** What a caller is told whose share has nowhere to go. */
function everyAnswer({ kind }: Route): string {
  return kind === 'GRPCRoute' ? 'every call would be answered UNAVAILABLE' : 'every request would be answered 500'
}
