// What is said of requests about a service of `protocol: tcp`, whose connections carry none that the mesh could see: not a
// mistake, since a service may change its protocol, and never what its writer meant.
import type { Resource } from '@heddle/shared'
import type { Finding, State } from './references.ts'

/** Laid at the rule or route where that was written, else at the service that made it so. */
export function opaqueWarnings(written: readonly Resource[], state: State): Finding[] {
  const isOpaque = (service: string): boolean => state.services.get(service)?.spec?.protocol === 'tcp'
  const found: { about: Resource; service: string; path: Finding['path']; message: string }[] = []
  for (const about of state.accessRules.values()) {
    const { target, action, to } = about.spec
    if (!isOpaque(target.service)) continue
    const what = to === undefined ? 'a route' : 'methods and paths'
    const consequence = action === 'Allow' ? 'it allows nothing' : 'it denies whole connections'
    if (to !== undefined || target.route !== undefined)
      found.push({
        about,
        service: target.service,
        path: to === undefined ? ['spec', 'target', 'route'] : ['spec', 'to'],
        message: `"${target.service}" is protocol: tcp, in which nobody sees ${what}: ${consequence}`,
      })
  }
  for (const about of state.routes.values())
    for (const [i, { name }] of about.spec.parentRefs.entries())
      if (isOpaque(name))
        found.push({
          about,
          service: name,
          path: ['spec', 'parentRefs', i, 'name'],
          message: `"${name}" is protocol: tcp, for which routes do nothing`,
        })
  return found.flatMap(({ about, service, path, message }): Finding[] => {
    if (written.includes(about)) return [{ kind: about.kind, name: about.metadata.name, path, message }]
    if (!written.some((one) => one.kind === 'Service' && one.metadata.name === service)) return []
    const whole = `${about.kind} ${about.metadata.name}: ${message}`
    return [{ kind: 'Service', name: service, path: ['spec', 'protocol'], message: whole }]
  })
}
