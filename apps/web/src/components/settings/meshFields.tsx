// The fields of the mesh defaults: each with what it does and what holds when it is left empty.
'use client'
import { type ReactNode, useId } from 'react'
import { Select } from '@/components/ui/select'
import { inputClass, TextField } from '@/components/ui/textField'
import { MESH_DEFAULTS, type MeshDraft, type MeshDraftField } from '@/data/meshDraft'
import { cx } from '@/lib/classes'

interface Props {
  draft: MeshDraft
  mistakes: Partial<Record<MeshDraftField, string>>
  isReadOnly: boolean
  onChange: (draft: MeshDraft) => void
}

const ACCESS = [
  { value: 'allow', label: 'allow' },
  { value: 'deny', label: 'deny' },
] as const
const EGRESS = [
  { value: 'allow', label: 'allow every host' },
  { value: 'list', label: 'allow only the hosts listed' },
  { value: 'deny', label: 'deny' },
] as const

export function MeshFields({ draft, mistakes, isReadOnly, onChange }: Readonly<Props>) {
  const text = (field: 'leafCertificateTtl' | 'sample' | 'successRate' | 'latencyP99', label: string, hint: string) => (
    <TextField
      label={label}
      className="w-56 max-md:w-full"
      value={draft[field]}
      readOnly={isReadOnly}
      placeholder={field === 'latencyP99' ? 'none' : MESH_DEFAULTS[field]}
      hint={hint}
      error={mistakes[field]}
      onChange={(event) => onChange({ ...draft, [field]: event.target.value })}
    />
  )
  return (
    <div className="max-w-[860px] border-line border-t">
      <Group title="Access" about="Who may call a service that no Allow rule names.">
        <Select
          label="Calls without a rule"
          value={draft.defaultAccess}
          options={ACCESS}
          disabled={isReadOnly}
          onChange={(defaultAccess) => onChange({ ...draft, defaultAccess })}
        />
        {draft.defaultAccess === 'deny' && (
          <p className="mt-2 text-warn-text">Every service that no Allow rule names is closed to everybody.</p>
        )}
      </Group>
      <Group title="Egress" about="Calls to hosts outside the mesh. Single names and .mesh are never egress.">
        <Select
          label="Calls to other hosts"
          value={draft.egress}
          options={EGRESS}
          disabled={isReadOnly}
          onChange={(egress) => onChange({ ...draft, egress })}
        />
        {draft.egress === 'list' && (
          <Hosts
            value={draft.hosts}
            error={mistakes.hosts}
            isReadOnly={isReadOnly}
            onChange={(hosts) => onChange({ ...draft, hosts })}
          />
        )}
      </Group>
      <Group title="Objective" about="Below it a service is degraded, unless it has one of its own.">
        <div className="flex flex-wrap gap-5">
          {text('successRate', 'Success, %', `Empty: ${MESH_DEFAULTS.successRate} %`)}
          {text('latencyP99', 'p99 latency', 'Like 500ms or 2s. Empty: none')}
        </div>
      </Group>
      <Group title="Certificates" about="How long the certificate of a proxy lives. It is renewed at half of that.">
        {text('leafCertificateTtl', 'Life of a leaf', `10s to 2160h. Empty: ${MESH_DEFAULTS.leafCertificateTtl}`)}
      </Group>
      <Group title="Access log" about="A share of all requests, written by each proxy as JSON lines.">
        {text('sample', 'Logged, %', 'Empty: none')}
      </Group>
    </div>
  )
}

function Group({ title, about, children }: Readonly<{ title: string; about: string; children: ReactNode }>) {
  return (
    <section
      aria-label={title}
      className="grid grid-cols-[280px_minmax(0,1fr)] gap-x-8 gap-y-2 border-line border-b py-4 max-md:grid-cols-1"
    >
      <div>
        <h2 className="font-semibold">{title}</h2>
        <p className="text-ink-2">{about}</p>
      </div>
      <div>{children}</div>
    </section>
  )
}

interface HostsProps {
  value: string
  error: string | undefined
  isReadOnly: boolean
  onChange: (value: string) => void
}

function Hosts({ value, error, isReadOnly, onChange }: Readonly<HostsProps>) {
  const id = useId()
  const noteId = useId()
  return (
    <div className="mt-3 flex max-w-[420px] flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        Hosts, one a line
      </label>
      <textarea
        id={id}
        rows={5}
        value={value}
        readOnly={isReadOnly}
        spellCheck={false}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={noteId}
        onChange={(event) => onChange(event.target.value)}
        className={cx(inputClass, 'h-auto py-2 font-mono text-12 max-md:h-auto', error !== undefined && 'border-fail')}
      />
      <p id={noteId} className={error === undefined ? 'text-12 text-ink-3' : 'text-12 text-fail-text'}>
        {error ?? 'api.example.org, *.example.org (any name below it), 10.0.0.7:8080'}
      </p>
    </div>
  )
}
