// MeshSettings as a form: texts as they are typed, and the resource that they make. A field that is left empty is left to
// its default and out of the resource; what the form does not know is kept. Pure.
import { type MeshSettings, meshSettingsSchema } from '@heddle/shared/resources/meshSettings'

export interface MeshDraft {
  defaultAccess: 'allow' | 'deny'
  egress: 'allow' | 'deny' | 'list'
  /** One host a line; kept while another choice is looked at. */
  hosts: string
  leafCertificateTtl: string
  /** Percent of requests that are logged. */
  sample: string
  successRate: string
  latencyP99: string
}

export const MESH_DEFAULTS = { leafCertificateTtl: '24h', sample: '0', successRate: '99.5' } as const

/** `100 × 0.07` must read "7". */
const percentOf = (share: number) => String(Number((share * 100).toFixed(6)))

export function meshDraftOf(settings: MeshSettings | undefined): MeshDraft {
  const spec = settings?.spec ?? {}
  const { egress } = spec
  return {
    defaultAccess: spec.defaultAccess ?? 'allow',
    egress: typeof egress === 'object' ? 'list' : (egress ?? 'allow'),
    hosts: typeof egress === 'object' ? egress.hosts.join('\n') : '',
    leafCertificateTtl: spec.leafCertificateTtl ?? '',
    sample: spec.accessLog?.sample === undefined ? '' : percentOf(spec.accessLog.sample),
    successRate: spec.objective?.successRate === undefined ? '' : String(spec.objective.successRate),
    latencyP99: spec.objective?.latencyP99 ?? '',
  }
}

export type MeshDraftField = keyof MeshDraft
export type MeshDraftResult =
  | { settings: MeshSettings; mistakes: null }
  | { settings: null; mistakes: Partial<Record<MeshDraftField, string>> }

/** What the schema's path is called in the form. */
const FIELD: Readonly<Record<string, MeshDraftField>> = {
  defaultAccess: 'defaultAccess',
  egress: 'hosts',
  leafCertificateTtl: 'leafCertificateTtl',
  accessLog: 'sample',
}

export function meshSettingsOf(draft: MeshDraft, stored: MeshSettings | undefined): MeshDraftResult {
  const mistakes: Partial<Record<MeshDraftField, string>> = {}
  const number = (field: 'sample' | 'successRate') => {
    const text = draft[field].trim()
    if (text === '') return undefined
    const value = Number(text.replace(/\s*%$/, ''))
    if (Number.isFinite(value) && value >= 0 && value <= 100) return value
    mistakes[field] = 'A number from 0 to 100.'
    return undefined
  }
  const text = (field: 'leafCertificateTtl' | 'latencyP99') => draft[field].trim() || undefined
  const hosts = draft.hosts
    .split(/[\s,]+/)
    .map((host) => host.trim())
    .filter(Boolean)
  const sample = number('sample')
  const known = stored?.spec ?? {}
  const egress = draft.egress === 'list' ? { hosts } : draft.egress
  const spec = dropUndefined({
    ...known,
    // A default that nobody has written down stays unwritten.
    defaultAccess:
      known.defaultAccess === undefined && draft.defaultAccess === 'allow' ? undefined : draft.defaultAccess,
    egress: known.egress === undefined && egress === 'allow' ? undefined : egress,
    leafCertificateTtl: text('leafCertificateTtl'),
    accessLog: sample === undefined ? undefined : { sample: sample / 100 },
    objective: emptyAsUndefined(dropUndefined({ successRate: number('successRate'), latencyP99: text('latencyP99') })),
  })
  const parsed = meshSettingsSchema.safeParse({
    ...(stored ?? { apiVersion: 'heddle.dev/v1', kind: 'MeshSettings', metadata: { name: 'mesh' } }),
    spec,
  })
  for (const issue of parsed.error?.issues ?? []) {
    const [, field = '', inner] = issue.path.map(String)
    const name = field === 'objective' ? (inner === 'latencyP99' ? 'latencyP99' : 'successRate') : FIELD[field]
    if (name !== undefined) mistakes[name] ??= messageOf(issue)
  }
  if (draft.egress === 'list' && hosts.length === 0) mistakes.hosts = 'List at least one host, or choose “deny”.'
  return parsed.success && Object.keys(mistakes).length === 0
    ? { settings: parsed.data, mistakes: null }
    : { settings: null, mistakes }
}

/** Of a union the branch that was meant says more than the union. */
function messageOf(issue: { message: string; code?: string | undefined; errors?: unknown }): string {
  const branches = Array.isArray(issue.errors) ? issue.errors.flat() : []
  const inner: unknown = branches.find(
    (one) => typeof one === 'object' && one !== null && /host/.test(String(Reflect.get(one, 'message'))),
  )
  return inner === undefined ? issue.message : String(Reflect.get(Object(inner), 'message'))
}

function dropUndefined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>
}

const emptyAsUndefined = <T extends object>(object: T): T | undefined =>
  Object.keys(object).length === 0 ? undefined : object

/** Whether what is stored is no longer what editing began with: by its version. */
export function isNewerThanDraft(began: unknown, newest: unknown): boolean {
  return versionOf(began) !== versionOf(newest)
}

function versionOf(settings: unknown): string | undefined {
  return meshSettingsSchema.safeParse(settings).data?.metadata.resourceVersion
}
