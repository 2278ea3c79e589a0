// A name and a role; what comes of it is a link that is shown once.
'use client'
import { ROLES } from '@heddle/shared/can'
import { zodResolver } from '@hookform/resolvers/zod'
import { Controller, useForm } from 'react-hook-form'
import type { z } from 'zod'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Select } from '@/components/ui/select'
import { TextField } from '@/components/ui/textField'
import { describeFailure } from '@/data/failure'
import { userCreateInputSchema } from '@/server/schemas/session'
import { useTRPC } from '@/trpc/client'
import type { Secret } from './shownOnce'
import { useSettingsAct } from './useSettingsAct'

type Draft = z.input<typeof userCreateInputSchema>
const OPTIONS = ROLES.map((role) => ({ value: role, label: role }))

export function InviteDialog({
  onClose,
  onSecret,
}: Readonly<{ onClose: () => void; onSecret: (secret: Secret) => void }>) {
  const trpc = useTRPC()
  const { register, control, handleSubmit, formState } = useForm<Draft>({
    resolver: zodResolver(userCreateInputSchema),
    defaultValues: { name: '', role: 'viewer' },
  })
  const invite = useSettingsAct(trpc.users.create.mutationOptions(), null, (made, { role }) => {
    onClose()
    onSecret({
      title: `The invitation of ${made.name}`,
      note: `Whoever opens it within 72 hours becomes ${made.name}, ${role}.`,
      text: made.link,
      copyLabel: 'Copy the link',
    })
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Invite somebody"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form="invite" disabled={invite.isPending}>
            Make the link
          </Button>
        </>
      }
    >
      <form
        id="invite"
        className="flex flex-col gap-4 pt-2"
        onSubmit={(event) => void handleSubmit((draft) => invite.mutate(draft))(event)}
      >
        <TextField
          label="Name"
          autoComplete="off"
          autoFocus
          error={formState.errors.name?.message ?? (invite.isError ? describeFailure(invite.error).message : null)}
          hint="An e-mail address, or a plain name. Nothing is sent: you pass the link on."
          {...register('name')}
        />
        <div className="flex flex-col items-start gap-1.5">
          <span className="font-medium">Role</span>
          <Controller
            control={control}
            name="role"
            render={({ field }) => (
              <Select label="Role" value={field.value} options={OPTIONS} onChange={field.onChange} />
            )}
          />
        </div>
      </form>
    </Dialog>
  )
}
