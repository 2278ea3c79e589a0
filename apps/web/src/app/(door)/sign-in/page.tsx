// Signing in. Somebody who is signed in already goes on; a mesh without an admin is set up first.
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Door } from '@/components/door/door'
import { SignInForm } from '@/components/door/signInForm'
import { Weave } from '@/components/door/weave'
import { routes, safeNext } from '@/lib/routes'
import { api } from '@/trpc/server'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignIn({ searchParams }: Readonly<{ searchParams: Promise<{ next?: string }> }>) {
  const call = await api()
  // While the database is away the door is there all the same, and says so.
  const away = () => null
  const [me, setup, { next }] = await Promise.all([
    call.session.me().catch(away),
    call.setup.state({}).catch(away),
    searchParams,
  ])
  if (me?.user != null) redirect(typeof next === 'string' ? safeNext(next) : routes.services)
  return (
    <Door aside={<Weave />} foot="Every change that you make is listed under Changes, with your name.">
      <h1 className="font-semibold text-24">Sign in</h1>
      <p className="mt-1 mb-6 text-14 text-ink-2">Viewers see everything; operators change traffic and rules.</p>
      {setup === null && (
        <p role="status" className="mb-6 border-warn-line border-y bg-warn-tint px-3 py-2">
          <span className="font-medium">The database does not answer.</span> Nobody can be let in until it is back;
          traffic is not affected.
        </p>
      )}
      {setup?.state === 'needs_link' && (
        <p className="mb-6 border-warn-line border-y bg-warn-tint px-3 py-2">
          <span className="font-medium">No admin yet.</span> {setup.reason}
        </p>
      )}
      <SignInForm />
      <p className="mt-6 text-ink-2">Forgotten it? Ask an admin for a new link.</p>
    </Door>
  )
}
