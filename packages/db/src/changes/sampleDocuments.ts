// Documents and stored state for the tests of this folder.
import { resourceSchema } from '@heddle/shared'
import type { MeshName } from '../configuration/mesh.ts'
import type { StoredResource } from '../configuration/storedResource.ts'
import { canonicalForm } from './canonicalForm.ts'
import { planChange } from './plan.ts'

export const service = (name: string, spec?: object): unknown => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'Service',
  metadata: { name },
  ...(spec && { spec }),
})
export const route = (name: string, parent: string, rules: object[]): unknown => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name },
  spec: { parentRefs: [{ kind: 'Service', name: parent }], rules },
})
export const grpcRoute = (name: string, parent: string, rules: object[], annotations?: object): unknown => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GRPCRoute',
  metadata: { name, ...(annotations && { annotations }) },
  spec: { parentRefs: [{ kind: 'Service', name: parent }], rules },
})
export const access = (name: string, target: object, extra: object = {}): unknown => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'AccessRule',
  metadata: { name },
  spec: { target, action: 'Allow', from: [{ any: 'authenticated' }], ...extra },
})
export const stored = (...documents: unknown[]): StoredResource[] =>
  documents.map((document, i) => ({
    resource: canonicalForm(resourceSchema.parse(document)),
    version: i + 1,
    createdAt: 0,
    revision: i + 1,
  }))
export const names: MeshName[] = [
  { name: 'catalog', service: 'catalog', version: null },
  { name: 'catalog-v2', service: 'catalog', version: 'v2' },
]
export const plan = (current: StoredResource[], ...documents: unknown[]) => planChange({ current, names, documents })
export const productsRoute = route('catalog', 'catalog', [
  {
    name: 'products',
    matches: [{ path: { type: 'PathPrefix', value: '/products' } }],
    backendRefs: [{ kind: 'Service', name: 'catalog-v2', weight: 10 }],
  },
])
