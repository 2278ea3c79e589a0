// API tokens: a name in the history, a role, and until when.
'use client'
import { ROLES, type Role } from '@heddle/shared/can'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMoment } from '@/components/frame/useMoment'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { GuardedButton, type Permission } from '@/components/ui/permission'
import { Select } from '@/components/ui/select'
import { TableSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { TextField } from '@/components/ui/textField'
import { describeFailure } from '@/data/failure'
import { TOKEN_LIVES } from '@/data/tokenState'
import { useTRPC } from '@/trpc/client'
import { ConfirmDialog } from './confirmDialog'
import type { Secret } from './shownOnce'
import { type TokenRow, TokenTable } from './tokenTable'
import { useSettingsAct } from './useSettingsAct'

interface Props {
  permission: Permission | undefined
  onSecret: (secret: Secret) => void
}

const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: role }))
const LIVES = [...TOKEN_LIVES, { value: 'never', label: 'until revoked' }] as const

export function ApiTokens({ permission, onSecret }: Readonly<Props>) {
  const trpc = useTRPC()
  const moment = useMoment()
  const list = useQuery(trpc.apiTokens.list.queryOptions())
  const [isMaking, setMaking] = useState(false)
  const [asked, setAsked] = useState<TokenRow | null>(null)
  const revoke = useSettingsAct(
    trpc.apiTokens.revoke.mutationOptions(),
    () => 'The token is revoked',
    () => setAsked(null),
  )
  const lastUse = (at: string | null) => (at === null ? 'never' : moment(Date.parse(at)))
  const rows = list.data?.tokens.map((token) => ({ ...token, gives: token.role, note: lastUse(token.lastUsedAt) }))
  return (
    <section aria-label="API tokens">
      <div className="mb-2 flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 className="font-semibold text-16">API tokens</h2>
          <p className="text-ink-2">
            For commands and pipelines: <code className="font-mono text-12">HEDDLE_TOKEN</code>. The history shows their
            name.
          </p>
        </div>
        <GuardedButton permission={permission} look="primary" onClick={() => setMaking(true)}>
          Make an API token
        </GuardedButton>
      </div>
      {rows === undefined ? (
        list.isError ? (
          <PanelError what="The API tokens" error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <TableSkeleton />
        )
      ) : (
        <TokenTable
          nameHead="Name"
          givesHead="Role"
          noteHead="Last used"
          rows={rows}
          permission={permission}
          onRevoke={setAsked}
        />
      )}
      {isMaking && <MakeApiToken onClose={() => setMaking(false)} onSecret={onSecret} />}
      {asked !== null && (
        <ConfirmDialog
          title={`Revoke the API token ${asked.name}?`}
          act="Revoke this token"
          isBusy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate({ id: asked.id })}
          onClose={() => setAsked(null)}
        >
          Whatever uses it is refused from the next call on. It cannot be made good again.
        </ConfirmDialog>
      )}
    </section>
  )
}

function MakeApiToken({ onClose, onSecret }: Readonly<{ onClose: () => void; onSecret: (secret: Secret) => void }>) {
  const trpc = useTRPC()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [life, setLife] = useState<string>('2592000000')
  const make = useSettingsAct(trpc.apiTokens.create.mutationOptions(), null, (made, input) => {
    onClose()
    onSecret({
      title: `The API token ${input.name}`,
      note: `It acts as ${input.role}.`,
      text: made.token,
      copyLabel: 'Copy the token',
      command: `HEDDLE_URL=${window.location.origin} HEDDLE_TOKEN=${made.token} npx heddle status`,
    })
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Make an API token"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form="api-token" disabled={make.isPending || name.trim().length < 2}>
            Make the token
          </Button>
        </>
      }
    >
      <form
        id="api-token"
        className="flex flex-col gap-4 pt-2"
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate({ name: name.trim(), role, ttlMs: life === 'never' ? null : Number(life) })
        }}
      >
        <TextField
          label="Name"
          autoComplete="off"
          autoFocus
          value={name}
          hint="What the history calls whoever uses it, such as a pipeline’s name."
          error={make.isError ? describeFailure(make.error).message : null}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="flex flex-wrap gap-8">
          <div className="flex flex-col items-start gap-1.5">
            <span className="font-medium">Role</span>
            <Select label="Role" value={role} options={ROLE_OPTIONS} onChange={setRole} />
          </div>
          <div className="flex flex-col items-start gap-1.5">
            <span className="font-medium">Good for</span>
            <Select label="Good for" value={life} options={LIVES} onChange={setLife} />
          </div>
        </div>
      </form>
    </Dialog>
  )
}
