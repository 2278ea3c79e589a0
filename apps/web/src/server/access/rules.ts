// access.rules: the rules as they stand, and what they can be about. No call moves any of it: what calls do is in hits.ts.
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import { serviceSettings } from '@heddle/shared/resources/service'
import type { z } from 'zod'
import { lastChangesOf } from '../changes/marks.ts'
import { withVersion } from '../config/stored.ts'
import type { Console } from '../console.ts'
import type { Mesh, Stored } from '../meshCache.ts'
import type { accessRulesInputSchema, accessRulesOutputSchema } from '../schemas/access.ts'
import type { ChangeMark } from '../schemas/numbers.ts'
import { ruleInWords } from '../traffic/words.ts'

export async function listRules(
  console: Console,
  { service }: z.infer<typeof accessRulesInputSchema>,
): Promise<z.infer<typeof accessRulesOutputSchema>> {
  const mesh = await console.mesh.current()
  const rules = rulesAbout(mesh, service)
  const changes = await console.pulse.readOr(() => lastChangesOf(console.db, rules), new Map<number, ChangeMark>())
  return {
    defaultAccess: mesh.policy.defaultAccess,
    services: [...mesh.services.keys()].sort(),
    opaque: [...mesh.services].flatMap(([name, { resource }]) =>
      serviceSettings(resource).protocol === 'tcp' ? name : [],
    ),
    rows: rules.map((stored) => {
      const { resource, version, revision } = stored
      return {
        rule: withVersion(stored),
        resourceVersion: String(version),
        sentence: ruleInWords(resource),
        mode: resource.spec.mode ?? 'enforce',
        isPutAside: isPutAside(mesh, resource),
        lastChange: changes.get(revision) ?? null,
      }
    }),
  }
}

/** `service` undefined: all rules. */
export function rulesAbout(mesh: Mesh, service: string | undefined): Stored<AccessRule>[] {
  return [...mesh.rules.values()].filter(
    ({ resource }) => service === undefined || resource.spec.target.service === service,
  )
}

function isPutAside({ routes, routesOf }: Mesh, { spec: { target } }: AccessRule): boolean {
  const route = routes.get(target.route?.split('/', 1)[0] ?? '')
  return route !== undefined && !(routesOf.get(target.service) ?? []).includes(route)
}
