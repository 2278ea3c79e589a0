// Link templates of all services: told together where name and template are the same, previewed, and put on services as
// edits of their resources. Pure; resources are never changed.
import { type Service, serviceSchema } from '@heddle/shared/resources/service'

export interface LinkTemplate {
  name: string
  template: string
  /** Services that have it, by name. */
  services: string[]
}

const PLACES = ['{service}', '{route}'] as const

export function parseServices(resources: readonly unknown[]): Service[] {
  return resources.flatMap((one) => serviceSchema.safeParse(one).data ?? [])
}

export function linkTemplates(services: readonly Service[]): LinkTemplate[] {
  const found = new Map<string, LinkTemplate>()
  for (const service of services)
    for (const [name, template] of Object.entries(service.spec?.links ?? {})) {
      const key = `${name}\n${template}`
      const known = found.get(key) ?? { name, template, services: [] }
      known.services.push(service.metadata.name)
      found.set(key, known)
    }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name) || a.template.localeCompare(b.template))
}

/** The address as the pages make it; null: it is no web address. */
export function previewLink(template: string, service: string, route: string): string | null {
  const text = template
    .replaceAll('{service}', encodeURIComponent(service))
    .replaceAll('{route}', encodeURIComponent(route))
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) ? text : null
}

/** Places in braces that nothing is put into, such as "{servcie}". */
export function unknownPlaces(template: string): string[] {
  return [...new Set(template.match(/\{[^{}]*\}/g))].filter((place) => !PLACES.some((known) => known === place))
}

/** The services with the link put on (or, with `template` null, taken off); those that have it so are left out. */
export function withLink(services: readonly Service[], name: string, template: string | null): Service[] {
  return services.flatMap((service) => {
    const { [name]: had, ...others } = service.spec?.links ?? {}
    if ((had ?? null) === template) return []
    const links = template === null ? others : { ...service.spec?.links, [name]: template }
    const { links: _, ...spec } = service.spec ?? {}
    return [{ ...service, spec: Object.keys(links).length === 0 ? spec : { ...spec, links } }]
  })
}
