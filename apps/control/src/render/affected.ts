// Names of documents that a change can touch. A renderer decides afterwards whether the text really differs.

import { type Route, rulesOf } from '@heddle/shared/resources/anyRoute'
import type { Resource } from '@heddle/shared/resources/index'

export const MESH_DOCUMENT = 'mesh'
export const inboundName = (service: string): string => `inbound/${service}`
export const destinationName = (name: string): string => `destination/${name}`
export const endpointsName = (service: string): string => `endpoints/${service}`

export type DocumentName =
  | { kind: 'mesh' }
  | { kind: 'inbound'; service: string }
  | { kind: 'destination'; name: string }
  | { kind: 'endpoints'; service: string }

export function parseDocumentName(text: string): DocumentName | undefined {
  if (text === MESH_DOCUMENT) return { kind: 'mesh' }
  const slash = text.indexOf('/')
  const rest = text.slice(slash + 1)
  if (slash < 0 || rest === '') return undefined
  switch (text.slice(0, slash)) {
    case 'inbound':
      return { kind: 'inbound', service: rest }
    case 'destination':
      return { kind: 'destination', name: rest }
    case 'endpoints':
      return { kind: 'endpoints', service: rest }
    default:
      return undefined
  }
}

/** Names that a route sends requests or copies to. */
export function referencesOf(route: Route): Set<string> {
  const names = new Set<string>()
  for (const rule of rulesOf(route)) {
    for (const ref of rule.backendRefs ?? []) names.add(ref.name)
    for (const filter of rule.filters ?? [])
      if (filter.type === 'RequestMirror') names.add(filter.requestMirror.backendRef.name)
  }
  return names
}

/** Services to which a route belongs. */
export function parentsOf(route: Route): Set<string> {
  return new Set(route.spec.parentRefs.map((parent) => parent.name))
}

export function resourceKey(ref: { kind: Resource['kind']; name: string }): string {
  return `${ref.kind}/${ref.name}`
}

/** Destinations first: they decide whose endpoints are held. */
export function endpointsLast(names: Iterable<string>): string[] {
  const all = [...new Set(names)]
  const isEndpoints = (name: string) => parseDocumentName(name)?.kind === 'endpoints'
  return [...all.filter((name) => !isEndpoints(name)), ...all.filter(isEndpoints)]
}
