// Name and password. What was wrong is said below the field, which has the cursor again; the name stays.
'use client'
import { useSearchParams } from 'next/navigation'
import { type FormEvent, useRef, useState } from 'react'
import { signIn } from '@/auth/client'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/textField'
import { safeNext } from '@/lib/routes'

export function SignInForm() {
  const next = safeNext(useSearchParams().get('next'))
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    const result = await signIn(name.trim(), password)
    // A full load: the new session's pages begin with nothing in memory.
    if (result.ok) window.location.assign(next)
    else {
      setBusy(false)
      setError(result.message)
      field.current?.select()
      field.current?.focus()
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      <TextField
        label="Name"
        name="username"
        autoComplete="username"
        required
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <TextField
        ref={field}
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(e) => setPassword(e.target.value)}
        error={error}
      />
      <Button type="submit" look="primary" disabled={isBusy} className="h-9">
        {isBusy ? 'Signing in' : 'Sign in'}
      </Button>
    </form>
  )
}
