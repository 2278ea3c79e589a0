// People: who may sign in and as what; invited by a link that is shown once. The last admin cannot go.
'use client'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useMoment } from '@/components/frame/useMoment'
import { usePermission } from '@/components/frame/usePermission'
import { GuardedButton } from '@/components/ui/permission'
import { PageSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { isolated } from '@/data/isolated'
import { plural } from '@/data/numbers'
import { useTRPC } from '@/trpc/client'
import { PersonRow } from './personRow'
import { NotYours, SettingsHead } from './settingsHead'
import { type Secret, ShownOnce } from './shownOnce'
import { useSettingsAct } from './useSettingsAct'

const InviteDialog = dynamic(() => import('./inviteDialog').then((module) => module.InviteDialog))

const ROLE_RIGHTS = [
  ['viewer', 'sees everything, changes nothing'],
  ['operator', 'shifts traffic, writes routes, rules and service settings, reverts changes'],
  ['admin', 'also people, tokens and mesh defaults'],
] as const

export function PeoplePage() {
  const trpc = useTRPC()
  const moment = useMoment()
  const mayRead = usePermission('user.read')
  const mayWrite = usePermission('user.write')
  const isAllowed = mayRead?.allowed === true
  const me = useQuery(trpc.session.me.queryOptions()).data?.user
  const list = useQuery(trpc.users.list.queryOptions(undefined, { enabled: isAllowed }))
  const invited = useQuery(trpc.users.invitations.queryOptions(undefined, { enabled: isAllowed }))
  const [isInviting, setInviting] = useState(false)
  const [secret, setSecret] = useState<Secret | null>(null)
  const withdraw = useSettingsAct(trpc.users.withdraw.mutationOptions(), ({ name }) => `${name} is no longer invited`)
  if (mayRead !== undefined && !mayRead.allowed)
    return (
      <NotYours title="People and their roles" reason={`Who else may sign in is shown to admins. ${mayRead.reason}`} />
    )
  if (list.data === undefined)
    return list.isError ? (
      <PanelError what="The people" error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const { users } = list.data
  const invitations = invited.data?.invitations ?? []
  const admins = users.filter(({ role }) => role === 'admin').length
  return (
    <>
      <SettingsHead
        title={`${plural(users.length, 'person', 'people')}, ${plural(admins, 'admin')}`}
        action={
          <GuardedButton permission={mayWrite} look="primary" onClick={() => setInviting(true)}>
            Invite somebody
          </GuardedButton>
        }
      >
        Nobody but the person ever knows a password: it is set by a link that works once.
      </SettingsHead>
      <table className="grid-table max-md:hidden">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Since</th>
            <th scope="col">
              <span className="sr-only">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <PersonRow
              key={user.name}
              user={user}
              isMe={user.name === me?.name}
              isLastAdmin={user.role === 'admin' && admins === 1}
              permission={mayWrite}
              onSecret={setSecret}
            />
          ))}
        </tbody>
      </table>
      <ul className="md:hidden">
        {users.map((user) => (
          <PersonRow
            key={user.name}
            isCard
            user={user}
            isMe={user.name === me?.name}
            isLastAdmin={user.role === 'admin' && admins === 1}
            permission={mayWrite}
            onSecret={setSecret}
          />
        ))}
      </ul>
      {invited.isError && (
        <PanelError what="Open invitations" error={invited.error} onRetry={() => void invited.refetch()} />
      )}
      {invitations.length > 0 && (
        <section aria-labelledby="invited" className="mt-6">
          <h2 id="invited" className="mb-1 font-semibold text-14">
            Invited, not here yet
          </h2>
          <ul className="border-line border-t">
            {invitations.map((one) => (
              <li key={one.name} className="flex min-h-[34px] flex-wrap items-center gap-x-4 border-line border-b">
                <bdi className="max-w-80 truncate font-medium" title={one.name}>
                  {one.name}
                </bdi>
                <span className="text-ink-2">as {one.role}</span>
                <span className="text-ink-2">
                  by {isolated(one.createdBy)}, good until {moment(Date.parse(one.expiresAt))}
                </span>
                <GuardedButton
                  permission={mayWrite}
                  look="quiet"
                  size="small"
                  className="ml-auto"
                  disabled={withdraw.isPending}
                  onClick={() => withdraw.mutate({ name: one.name })}
                >
                  Withdraw
                </GuardedButton>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="roles" className="mt-8 max-w-[720px]">
        <h2 id="roles" className="mb-1 font-semibold text-14">
          What each role may do
        </h2>
        <dl className="border-line border-t">
          {ROLE_RIGHTS.map(([role, rights]) => (
            <div key={role} className="flex min-h-[34px] items-center gap-4 border-line border-b">
              <dt className="w-20 shrink-0 font-medium">{role}</dt>
              <dd className="text-ink-2">{rights}</dd>
            </div>
          ))}
        </dl>
      </section>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} onSecret={setSecret} />}
      <ShownOnce secret={secret} onClose={() => setSecret(null)} />
    </>
  )
}
