// A rule as a sentence with fields in it: "Allow checkout to call POST paths under /charge on payments, and enforce it."
'use client'
import { isServiceLabel } from '@heddle/shared/dnsLabel'
import type { PathMatch } from '@heddle/shared/resources/httpRoute'
import { HTTP_METHODS } from '@heddle/shared/resources/httpRouteTerms'
import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { Chips } from '@/components/ui/chips'
import { Picker } from '@/components/ui/picker'
import { Select } from '@/components/ui/select'
import { ANY_IN_MESH, callerText, OUTSIDE, type RuleDraft } from '@/data/ruleDraft'
import { useTRPC } from '@/trpc/client'

interface Props {
  draft: RuleDraft
  services: readonly string[]
  /** It is about connections of TCP, of which no method, path or route is seen. */
  isOpaque: boolean
  /** False: the rule has more groups of methods and paths than a sentence holds. */
  hasPaths: boolean
  disabled: boolean
  onChange: (draft: RuleDraft) => void
}

const ACTIONS = [
  { value: 'Allow', label: 'Allow' },
  { value: 'Deny', label: 'Deny' },
] as const
const MODES = [
  { value: 'audit', label: 'audit' },
  { value: 'enforce', label: 'enforce' },
] as const
const PATHS = [
  { value: 'PathPrefix', label: 'paths under' },
  { value: 'Exact', label: 'exactly' },
  { value: 'RegularExpression', label: 'paths matching' },
] as const

const EVERY_ROUTE = 'any route'

export function RuleSentence({ draft, services, isOpaque, hasPaths, disabled, onChange }: Readonly<Props>) {
  const set = (part: Partial<RuleDraft>) => onChange({ ...draft, ...part })
  const routeOptions = useRouteOptions(draft)
  // What a rule of connections names all the same is shown, to be taken out.
  const seesConnections =
    isOpaque && hasPaths && draft.methods.length + draft.paths.length === 0 && draft.route === null
  const known = draft.service === '' || services.includes(draft.service) ? services : [draft.service, ...services]
  return (
    <div className="flex flex-wrap items-center gap-2 text-16 max-md:text-14">
      <Select
        label="Action"
        value={draft.action}
        options={ACTIONS}
        disabled={disabled}
        onChange={(action) => set({ action })}
      />
      <Chips
        values={draft.callers}
        text={callerText}
        options={[ANY_IN_MESH, OUTSIDE, ...services]}
        addLabel="caller"
        mayName={isServiceLabel}
        disabled={disabled}
        onChange={(callers) => set({ callers })}
      />
      {seesConnections ? 'to connect to' : 'to call'}
      {seesConnections ? null : hasPaths ? (
        <>
          {draft.methods.length === 0 && <span className="text-ink-2">any method</span>}
          <Chips
            values={draft.methods}
            text={(method) => method}
            options={HTTP_METHODS}
            addLabel="method"
            disabled={disabled}
            onChange={(methods) => set({ methods })}
          />
          <Paths paths={draft.paths} disabled={disabled} onChange={(paths) => set({ paths })} />
        </>
      ) : (
        <span className="text-ink-2">several groups of methods and paths (edit them as YAML)</span>
      )}
      {!seesConnections && 'on'}
      <Picker
        label="Service"
        value={draft.service}
        text={(service) => (service === '' ? 'choose a service' : service)}
        options={known}
        disabled={disabled}
        onChange={(service) => set({ service, route: null })}
      />
      {!seesConnections && (
        <Select
          label="Route"
          value={draft.route ?? EVERY_ROUTE}
          options={routeOptions}
          disabled={disabled}
          onChange={(route) => set({ route: route === EVERY_ROUTE ? null : route })}
        />
      )}
      and
      <Select label="Mode" value={draft.mode} options={MODES} disabled={disabled} onChange={(mode) => set({ mode })} />
      it.
    </div>
  )
}

function useRouteOptions(draft: RuleDraft) {
  const trpc = useTRPC()
  const traffic = useQuery(trpc.traffic.get.queryOptions({ service: draft.service }, { enabled: draft.service !== '' }))
  const labels = new Set(traffic.data?.rules.map((rule) => rule.label))
  if (draft.route !== null) labels.add(draft.route)
  return [EVERY_ROUTE, ...labels].map((value) => ({ value, label: value }))
}

interface PathsProps {
  paths: readonly PathMatch[]
  disabled: boolean
  onChange: (paths: PathMatch[]) => void
}

function Paths({ paths, disabled, onChange }: Readonly<PathsProps>) {
  const replace = (at: number, path: PathMatch) => onChange(paths.map((other, i) => (i === at ? path : other)))
  const rows = paths.map((path, place) => ({ path, place }))
  return (
    <>
      {paths.length === 0 && <span className="text-ink-2">any path</span>}
      {rows.map(({ path, place }) => (
        <span key={place} className="inline-flex items-center gap-2">
          <Select
            label="Kind of path"
            value={path.type}
            options={PATHS}
            disabled={disabled}
            onChange={(type) => replace(place, { ...path, type })}
          />
          <input
            aria-label="Path"
            value={path.value}
            disabled={disabled}
            spellCheck={false}
            autoCapitalize="off"
            onChange={(event) => replace(place, { ...path, value: event.target.value })}
            className="h-7 w-32 rounded-1 border border-control bg-raised px-2 font-mono text-12 disabled:border-dashed disabled:text-ink-3 max-md:h-11 max-md:text-16"
          />
          {!disabled && (
            <button
              type="button"
              aria-label={`Take out the path ${path.value}`}
              onClick={() => onChange(paths.filter((_, i) => i !== place))}
              className="grid size-6 place-items-center rounded-1 text-ink-2 hover:bg-hover max-md:size-11"
            >
              <X size={12} aria-hidden />
            </button>
          )}
        </span>
      ))}
      {!disabled && (
        <button
          type="button"
          onClick={() => onChange([...paths, { type: 'PathPrefix', value: '/' }])}
          className="inline-flex h-7 items-center gap-1 rounded-1 border border-control border-dashed px-2 text-13 text-ink-2 hover:bg-hover max-md:h-11 max-md:px-3"
        >
          <Plus size={12} aria-hidden />
          path
        </button>
      )}
    </>
  )
}
