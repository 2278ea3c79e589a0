// What a one-time link is for: the first admin, or a new password. The link is spent when the button is pressed.
'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { signIn } from '@/auth/client'
import { Button } from '@/components/ui/button'
import { StatusMark } from '@/components/ui/status'
import { TextField } from '@/components/ui/textField'
import { describeFailure } from '@/data/failure'
import { NBSP } from '@/data/numbers'
import { PASSWORD_LEAST } from '@/lib/password'
import { routes } from '@/lib/routes'
import { USER_NAME_RULE, userNameMistake } from '@/lib/userName'
import { useTRPC } from '@/trpc/client'

interface Props {
  token: string
  /** Set where the link is for an account that exists. */
  account: string | null
}

export function SetupForm({ token, account }: Readonly<Props>) {
  const trpc = useTRPC()
  const [name, setName] = useState(account ?? '')
  const [password, setPassword] = useState('')
  const complete = useMutation(
    trpc.setup.complete.mutationOptions({
      onSuccess: async (made) => {
        const result = await signIn(made.name, password)
        window.location.assign(result.ok ? routes.services : routes.signIn)
      },
    }),
  )
  const [hasTried, setHasTried] = useState(false)
  const mistake = account === null ? userNameMistake(name) : null
  const isLong = password.length >= PASSWORD_LEAST
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (isLong && mistake === null) complete.mutate({ token, password, ...(account === null && { name: name.trim() }) })
  }
  const isBusy = complete.isPending || complete.isSuccess
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <TextField
        label="Name"
        name="username"
        autoComplete="username"
        required
        readOnly={account !== null}
        value={name}
        onChange={(event) => setName(event.target.value)}
        hint={account === null ? `${USER_NAME_RULE.charAt(0).toUpperCase()}${USER_NAME_RULE.slice(1)}` : undefined}
        error={hasTried ? mistake : null}
      />
      <TextField
        label="Password"
        name="new-password"
        type="password"
        autoComplete="new-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        hint={
          <span className="inline-flex items-center gap-2">
            <StatusMark state={isLong ? 'healthy' : 'idle'} />
            {`${password.length}${NBSP}characters, ${PASSWORD_LEAST} is the least`}
          </span>
        }
      />
      {complete.isError && (
        <p role="alert" className="text-fail-text">
          {describeFailure(complete.error).message}
        </p>
      )}
      <Button type="submit" look="primary" disabled={isBusy || !isLong || name.trim() === ''} className="h-9">
        {account === null ? 'Make admin and open the console' : 'Set password and open the console'}
      </Button>
    </form>
  )
}
