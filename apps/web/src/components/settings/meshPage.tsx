// Mesh defaults as a form; saved through a review, as one change that can be undone.
'use client'
import { meshSettingsSchema } from '@heddle/shared/resources/meshSettings'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { Button } from '@/components/ui/button'
import { GuardedButton } from '@/components/ui/permission'
import { PageSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { isNewerThanDraft, type MeshDraft, meshDraftOf, meshSettingsOf } from '@/data/meshDraft'
import { useTRPC } from '@/trpc/client'
import { MeshFields } from './meshFields'
import { SettingsHead } from './settingsHead'

const ApplyDialog = dynamic(() => import('./applyDialog').then((module) => module.ApplyDialog))

export function MeshPage() {
  const trpc = useTRPC()
  const permission = usePermission('settings.write')
  const query = useQuery(trpc.config.get.queryOptions({ kind: 'MeshSettings' }, { staleTime: 0 }))
  /** What is typed, on top of what was stored when typing began. */
  const [edit, setEdit] = useState<{ draft: MeshDraft; on: unknown } | null>(null)
  const [isReviewing, setReviewing] = useState(false)
  if (query.data === undefined)
    return query.isError ? (
      <PanelError what="The mesh defaults" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const [newest] = query.data.resources
  const base = edit === null ? newest : edit.on
  const stored = meshSettingsSchema.safeParse(base).data
  const now = meshDraftOf(stored)
  const draft = edit?.draft ?? now
  const result = meshSettingsOf(draft, stored)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(now)
  const isOutdated = edit !== null && isNewerThanDraft(edit.on, newest)
  return (
    <>
      <SettingsHead title="Mesh defaults">
        What holds for every service that says nothing else. Saving is a change like any other: reviewed, listed under
        Changes, and taken back there.
      </SettingsHead>
      {isOutdated && (
        <p
          role="alert"
          className="mb-4 flex flex-wrap items-center gap-3 border-warn-line border-y bg-warn-tint px-3 py-2"
        >
          <span>
            <span className="font-medium">Somebody changed these defaults while you were editing.</span> Yours would be
            refused.
          </span>
          <Button size="small" onClick={() => setEdit({ draft, on: newest })}>
            Put mine on top of theirs
          </Button>
        </p>
      )}
      <MeshFields
        draft={draft}
        mistakes={result.mistakes ?? {}}
        isReadOnly={permission?.allowed !== true}
        onChange={(next) => setEdit({ draft: next, on: base })}
      />
      <div className="mt-6 flex flex-wrap items-center gap-3 border-line border-t pt-4">
        <GuardedButton
          permission={permission}
          look="primary"
          disabled={!isChanged || result.settings === null || isOutdated}
          onClick={() => setReviewing(true)}
        >
          Review the change
        </GuardedButton>
        {isChanged && (
          <Button look="quiet" onClick={() => setEdit(null)}>
            Discard
          </Button>
        )}
        <span className="text-ink-2">
          {permission?.allowed === false
            ? permission.reason
            : !isChanged
              ? 'Nothing is changed yet.'
              : result.settings === null
                ? 'Mend the fields that are marked first.'
                : ''}
        </span>
      </div>
      {isReviewing && result.settings !== null && (
        <ApplyDialog
          title="Change the mesh defaults?"
          sentence="Every proxy gets them within a second. Services with settings of their own keep those."
          act="Apply these defaults"
          edits={[{ what: 'MeshSettings mesh', before: base ?? null, after: result.settings }]}
          onApplied={() => {
            setReviewing(false)
            setEdit(null)
          }}
          onClose={() => {
            setReviewing(false)
            void query.refetch()
          }}
        />
      )}
    </>
  )
}
