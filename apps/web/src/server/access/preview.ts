// access.preview: what a change of one rule would have done to the calls of the last 24 hours. Reads them, and leaves the
// judgement to replay/.

import { renderAccessRules } from '@heddle/control/render/rule'
import { listChanges, type RecordedPattern, readPatterns } from '@heddle/db'
import { checkAccessRule, stateOf } from '@heddle/db/changes/references'
import { compileAccess } from '@heddle/proxy/access/compile'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import type { z } from 'zod'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'
import type { Mesh } from '../meshCache.ts'
import type { AccessPreview, accessPreviewInputSchema } from '../schemas/accessPreview.ts'
import { routesMovedAt } from './replay/movedRoutes.ts'
import { rulesInForce } from './replay/rulesInForce.ts'
import { type Replayed, summarise } from './replay/summary.ts'
import { routesOf } from './routesOf.ts'

export const HOUR_MS = 3_600_000
export const PREVIEW_HOURS = 24
/** Changes of a service among which those of its routes are looked for. */
const CHANGES_READ = 200

type Input = z.infer<typeof accessPreviewInputSchema>

export async function previewAccess(console: Console, input: Input): Promise<AccessPreview> {
  const mesh = await console.mesh.current()
  const name = 'rule' in input ? input.rule.metadata.name : input.remove
  const stored = mesh.rules.get(name)?.resource
  if ('remove' in input && stored === undefined) throw heddleError('not_found', `There is no rule ${name}.`)
  const wanted = 'rule' in input ? input.rule : null
  const { mistakes, warnings } = wanted === null ? { mistakes: [], warnings: [] } : findings(mesh, wanted)
  if (mistakes.length > 0) return { mistakes, warnings, replay: null }

  const now = console.control.now()
  const to = Math.floor(now / HOUR_MS + 1) * HOUR_MS
  const window = { from: to - PREVIEW_HOURS * HOUR_MS, to }
  const services = new Set([stored, wanted ?? undefined].flatMap((rule) => rule?.spec.target.service ?? []))
  const [since, ...replayed] = await Promise.all([
    console.metrics.since(),
    ...[...services].map((service) => replayOf(console, mesh, { service, stored, wanted, window })),
  ])
  const recordedMs = since === null || since <= window.from ? null : Math.max(0, now - since)
  const meaning = wanted === null ? 'removed' : isAsked(wanted, stored) ? 'asked' : 'saved'
  return { mistakes, warnings, replay: { ...window, recordedMs, meaning, ...summarise(replayed, window) } }
}

/** An audit rule decides nothing: it is asked what it would do, unless saving it ends what it decides now. */
function isAsked(wanted: AccessRule, stored: AccessRule | undefined): boolean {
  return wanted.spec.mode === 'audit' && (stored === undefined || stored.spec.mode === 'audit')
}

interface Asked {
  service: string
  stored: AccessRule | undefined
  wanted: AccessRule | null
  window: { from: number; to: number }
}

async function replayOf(console: Console, mesh: Mesh, { service, stored, wanted, window }: Asked): Promise<Replayed> {
  const [patterns, changes] = await Promise.all([
    console.pulse.read<RecordedPattern[]>(() => readPatterns(console.db, { service, ...window })),
    console.pulse.readOr(() => listChanges(console.db, { limit: CHANGES_READ, service }), []),
  ])
  const rules = [...mesh.rules.values()].flatMap(({ resource }) =>
    resource.spec.target.service === service ? resource : [],
  )
  const asked =
    wanted !== null && isAsked(wanted, stored)
      ? { ...wanted, spec: { ...wanted.spec, mode: 'enforce' as const } }
      : wanted
  const { before, after } = rulesInForce(rules, service, { stored, wanted: asked })
  const { defaultAccess } = mesh.policy
  return {
    service,
    patterns,
    change: {
      before: compileAccess(before, defaultAccess),
      after: compileAccess(after, defaultAccess),
      routes: routesOf(mesh, service),
    },
    routesMovedAt: routesMovedAt(changes, service),
  }
}

/** What saving would be refused for or warned of, and what the proxies could not compile. */
function findings(mesh: Mesh, rule: AccessRule): Pick<AccessPreview, 'mistakes' | 'warnings'> {
  const state = stateOf(
    mesh.resources.map(({ resource }) => resource),
    mesh.names,
  )
  const { mistakes, warnings } = checkAccessRule(rule, state)
  return {
    mistakes: [...mistakes.map(({ path, message }) => ({ path: [...path], message })), ...uncompilable(rule)],
    warnings: warnings.map(({ message }) => message),
  }
}

/** A path or an expression that the schema lets pass and the proxies would refuse, with the whole document. */
function uncompilable(rule: AccessRule): AccessPreview['mistakes'] {
  try {
    compileAccess(renderAccessRules([rule]), 'allow')
    return []
  } catch (error) {
    return [{ path: ['spec', 'to'], message: error instanceof Error ? error.message : String(error) }]
  }
}
