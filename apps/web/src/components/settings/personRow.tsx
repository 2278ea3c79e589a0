// One person: role, since when, a link for a new password, and the way out.
'use client'
import { ROLES, type Role } from '@heddle/shared/can'
import { useState } from 'react'
import { useMoment } from '@/components/frame/useMoment'
import { GuardedButton, type Permission } from '@/components/ui/permission'
import { Select } from '@/components/ui/select'
import { useTRPC } from '@/trpc/client'
import { ConfirmDialog } from './confirmDialog'
import type { Secret } from './shownOnce'
import { useSettingsAct } from './useSettingsAct'

interface Props {
  user: { name: string; role: Role; createdAt: string }
  isMe: boolean
  isLastAdmin: boolean
  permission: Permission | undefined
  onSecret: (secret: Secret) => void
  isCard?: boolean
}

const OPTIONS = ROLES.map((role) => ({ value: role, label: role }))
const LAST_ADMIN: Permission = {
  allowed: false,
  reason: 'The only admin stays one: make somebody else an admin first.',
}

export function PersonRow({ user, isMe, isLastAdmin, permission, onSecret, isCard = false }: Readonly<Props>) {
  const trpc = useTRPC()
  const moment = useMoment()
  const [asked, setAsked] = useState<{ act: 'remove' } | { act: 'role'; role: Role } | null>(null)
  const close = () => setAsked(null)
  const setRole = useSettingsAct(
    trpc.users.setRole.mutationOptions(),
    ({ name, role }) => `${name} is ${role} now`,
    close,
  )
  const remove = useSettingsAct(trpc.users.remove.mutationOptions(), ({ name }) => `${name} is removed`, close)
  const reset = useSettingsAct(trpc.users.reset.mutationOptions(), null, (made) =>
    onSecret({
      title: `A password link for ${made.name}`,
      note: 'Whoever opens it sets the password once, and every session of theirs ends.',
      text: made.link,
      copyLabel: 'Copy the link',
    }),
  )
  const guard = permission?.allowed === true && isLastAdmin ? LAST_ADMIN : permission
  const name = (
    <span className="flex min-w-0 items-center gap-2">
      <bdi className="max-w-80 truncate font-medium" title={user.name}>
        {user.name}
      </bdi>
      {isMe && <span className="text-ink-3">you</span>}
    </span>
  )
  const role =
    guard?.allowed === true ? (
      <Select
        label={`Role of ${user.name}`}
        value={user.role}
        options={OPTIONS}
        onChange={(next) => next !== user.role && setAsked({ act: 'role', role: next })}
      />
    ) : (
      <span>
        {user.role}
        {isLastAdmin && <span className="text-ink-3"> the only one</span>}
      </span>
    )
  const acts = (
    <span className="inline-flex gap-1">
      <GuardedButton
        permission={permission}
        look="quiet"
        size="small"
        disabled={reset.isPending}
        aria-label={`New password link for ${user.name}`}
        onClick={() => reset.mutate({ name: user.name })}
      >
        New password link
      </GuardedButton>
      <GuardedButton
        permission={guard}
        look="quiet"
        size="small"
        aria-label={`Remove ${user.name}`}
        onClick={() => setAsked({ act: 'remove' })}
      >
        Remove
      </GuardedButton>
    </span>
  )
  const dialogs = (
    <>
      {asked?.act === 'remove' && (
        <ConfirmDialog
          title={`Remove ${user.name}?`}
          act={`Remove ${user.name}`}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate({ name: user.name })}
          onClose={close}
        >
          Their sessions end at once, open pages too. API tokens that they made stay: those are machines’. The history
          keeps their name.
        </ConfirmDialog>
      )}
      {asked?.act === 'role' && (
        <ConfirmDialog
          title={`Make ${user.name} ${asked.role}?`}
          act={`Make ${user.name} ${asked.role}`}
          isBusy={setRole.isPending}
          error={setRole.error}
          onConfirm={() => setRole.mutate({ name: user.name, role: asked.role })}
          onClose={close}
        >
          {isMe ? 'You are signed out' : 'They are signed out'} everywhere and come back as {asked.role}, was{' '}
          {user.role}.
        </ConfirmDialog>
      )}
    </>
  )
  if (isCard)
    return (
      <li className="border-line border-b py-2.5 text-14">
        <span className="flex items-center justify-between gap-3">
          {name}
          {role}
        </span>
        {acts}
        {dialogs}
      </li>
    )
  return (
    <tr>
      <td>{name}</td>
      <td>{role}</td>
      <td className="text-ink-2">{moment(Date.parse(user.createdAt))}</td>
      <td className="text-right">
        {acts}
        {dialogs}
      </td>
    </tr>
  )
}
