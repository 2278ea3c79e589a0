// Resolves a reference to a backend: a service, one version of a service (derived name), or nothing.
import type { WireBackend } from '@heddle/shared/wire/config'
import type { MeshModel } from './model.ts'

export function renderBackend(model: MeshModel, name: string, weight: number): WireBackend {
  if (model.service(name) !== undefined) return { name, service: name, version: null, weight }
  const derived = model.derived(name)
  if (derived !== undefined) return { name, service: derived.service, version: derived.version, weight }
  // Gateway API, HTTPBackendRef: an unresolved reference gets its share of the requests, and they are answered 500.
  return { name, service: null, version: null, weight }
}
