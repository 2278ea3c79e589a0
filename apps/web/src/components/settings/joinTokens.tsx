// Join tokens: made for one service, good for some uses and some time.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { GuardedButton, type Permission } from '@/components/ui/permission'
import { Select } from '@/components/ui/select'
import { TableSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { TextField } from '@/components/ui/textField'
import { describeFailure } from '@/data/failure'
import { formatCount, plural } from '@/data/numbers'
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

export function JoinTokens({ permission, onSecret }: Readonly<Props>) {
  const trpc = useTRPC()
  const list = useQuery(trpc.joinTokens.list.queryOptions())
  const [isMaking, setMaking] = useState(false)
  const [asked, setAsked] = useState<TokenRow | null>(null)
  const revoke = useSettingsAct(
    trpc.joinTokens.revoke.mutationOptions(),
    () => 'The token is revoked',
    () => setAsked(null),
  )
  const rows = list.data?.tokens.map((token) => ({
    ...token,
    name: token.service,
    gives: plural(token.uses, 'use'),
    note: `${formatCount(token.used)} used`,
  }))
  return (
    <section aria-label="Join tokens" className="mb-9">
      <div className="mb-2 flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 className="font-semibold text-16">Join tokens</h2>
          <p className="text-ink-2">A proxy on another machine joins with one. On this machine it needs none.</p>
        </div>
        <GuardedButton permission={permission} look="primary" onClick={() => setMaking(true)}>
          Make a join token
        </GuardedButton>
      </div>
      {rows === undefined ? (
        list.isError ? (
          <PanelError what="The join tokens" error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <TableSkeleton />
        )
      ) : (
        <TokenTable
          nameHead="Service"
          givesHead="Made for"
          noteHead="Used"
          rows={rows}
          permission={permission}
          onRevoke={setAsked}
        />
      )}
      {isMaking && <MakeJoinToken onClose={() => setMaking(false)} onSecret={onSecret} />}
      {asked !== null && (
        <ConfirmDialog
          title={`Revoke the join token for ${asked.name}?`}
          act="Revoke this token"
          isBusy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate({ id: asked.id })}
          onClose={() => setAsked(null)}
        >
          Nobody joins with it any more. Instances that have joined stay: revoke those by their name with{' '}
          <code className="font-mono text-13">heddle revoke instance NAME</code>.
        </ConfirmDialog>
      )}
    </section>
  )
}

function MakeJoinToken({ onClose, onSecret }: Readonly<{ onClose: () => void; onSecret: (secret: Secret) => void }>) {
  const trpc = useTRPC()
  const [service, setService] = useState('')
  const [uses, setUses] = useState('1')
  const [life, setLife] = useState<string>('3600000')
  const make = useSettingsAct(trpc.joinTokens.create.mutationOptions(), null, (made, input) => {
    onClose()
    onSecret({
      title: `A join token for ${input.service}`,
      note: `Good for ${plural(input.uses ?? 1, 'use')}.`,
      text: made.token,
      copyLabel: 'Copy the token',
      command: `HEDDLE_JOIN_TOKEN=${made.token} npx heddle run --service ${input.service} --control https://CONTROL:4000 --app-port 8080 -- node server.js`,
    })
  })
  const count = Number(uses)
  const mistake = !Number.isInteger(count) || count < 1 || count > 100_000 ? 'A whole number from 1 to 100,000.' : null
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Make a join token"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            look="primary"
            type="submit"
            form="join-token"
            disabled={make.isPending || mistake !== null || service.trim() === ''}
          >
            Make the token
          </Button>
        </>
      }
    >
      <form
        id="join-token"
        className="flex flex-col gap-4 pt-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (mistake === null) make.mutate({ service: service.trim(), uses: count, ttlMs: Number(life) })
        }}
      >
        <TextField
          label="Service"
          autoComplete="off"
          autoFocus
          value={service}
          hint="It is made when its first instance joins, if it is not there yet."
          error={make.isError ? describeFailure(make.error).message : null}
          onChange={(event) => setService(event.target.value)}
        />
        <TextField
          label="Uses"
          inputMode="numeric"
          value={uses}
          hint="One for each instance. Restarting an instance spends none."
          error={mistake}
          onChange={(event) => setUses(event.target.value)}
        />
        <div className="flex flex-col items-start gap-1.5">
          <span className="font-medium">Good for</span>
          <Select label="Good for" value={life} options={TOKEN_LIVES} onChange={setLife} />
        </div>
      </form>
    </Dialog>
  )
}
