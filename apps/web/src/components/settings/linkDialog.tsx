// A new link: its name, its template with what it becomes, and on which services.
'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Select } from '@/components/ui/select'
import { TextField } from '@/components/ui/textField'
import { previewLink, unknownPlaces } from '@/data/linkTemplates'

export interface LinkDraft {
  name: string
  /** null: taken off. */
  template: string | null
  services: readonly string[]
}

interface Props {
  /** Names; at least one. */
  services: readonly string[]
  onReview: (draft: LinkDraft) => void
  onClose: () => void
}

const EVERY = ''
const LONGEST_NAME = 40
const SAMPLE_ROUTE = 'products/list'

export function LinkDialog({ services, onReview, onClose }: Readonly<Props>) {
  const [name, setName] = useState('')
  const [template, setTemplate] = useState('https://')
  const [scope, setScope] = useState(EVERY)
  const sample = scope === EVERY ? (services[0] ?? '') : scope
  const href = previewLink(template.trim(), sample, SAMPLE_ROUTE)
  const [unknown] = unknownPlaces(template)
  const mistake =
    unknown !== undefined
      ? `Nothing is put into ${unknown}. Use {service} and {route}.`
      : href === null && template.length > 8
        ? 'A template begins with http:// or https:// and is an address.'
        : null
  const isComplete = href !== null && mistake === null && name.trim() !== '' && name.trim().length <= LONGEST_NAME
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add a link"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            look="primary"
            disabled={!isComplete}
            onClick={() =>
              onReview({ name: name.trim(), template: template.trim(), services: scope === EVERY ? services : [scope] })
            }
          >
            Review the change
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 pt-2">
        <TextField
          label="Name"
          autoFocus
          maxLength={LONGEST_NAME}
          value={name}
          hint="What the link reads, such as dashboard or logs."
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Template"
          value={template}
          error={mistake}
          hint="{service} and {route} are filled in."
          onChange={(event) => setTemplate(event.target.value)}
        />
        <div className="flex flex-col items-start gap-1.5">
          <span className="font-medium">On</span>
          <Select
            label="On"
            value={scope}
            options={[
              { value: EVERY, label: `every service (${services.length})` },
              ...services.map((one) => ({ value: one, label: one })),
            ]}
            onChange={setScope}
          />
        </div>
        <p className="break-all text-ink-2">
          <span className="font-medium text-ink">Preview</span> for {sample}, route {SAMPLE_ROUTE}:{' '}
          <code className="font-mono text-12">{href ?? '…'}</code>
        </p>
      </div>
    </Dialog>
  )
}
