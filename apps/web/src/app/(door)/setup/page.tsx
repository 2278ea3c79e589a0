// The one-time link: the first admin, or a new password for an account.
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Door } from '@/components/door/door'
import { SetupForm } from '@/components/door/setupForm'
import { buttonClass } from '@/components/ui/button'
import { routes } from '@/lib/routes'
import { api } from '@/trpc/server'

export const metadata: Metadata = { title: 'Set up', referrer: 'no-referrer' }

const NEXT_STEPS = [
  {
    act: 'Join a service',
    why: 'one command, no code changed',
    how: 'npx heddle run --service hello --app-port 8080 -- node server.js',
  },
  { act: 'Ask others in', why: 'viewers, operators, admins', how: 'heddle user create NAME' },
] as const

/** For somebody who was asked in: the mesh runs already, and who they are is settled. */
const WHAT_IS_THERE = [
  { act: 'Services', why: 'how each is doing, worst first' },
  { act: 'Changes', why: 'who changed what, and what it did' },
  { act: 'Find or do', why: 'any service, rule or change from one field', how: '⌘K' },
] as const

export default async function Setup({ searchParams }: Readonly<{ searchParams: Promise<{ token?: string }> }>) {
  const { token } = await searchParams
  const isToken = typeof token === 'string' && token.length >= 16 && token.length <= 256
  const state = await (await api()).setup.state(isToken ? { token } : {})
  if (state.state === 'done' && state.reason === null) redirect(routes.signIn)
  return (
    <Door aside={<Then steps={state.state === 'password' ? WHAT_IS_THERE : NEXT_STEPS} />} foot="The link works once.">
      {state.state === 'first_admin' && isToken && (
        <>
          <h1 className="font-semibold text-24">Make the first admin</h1>
          <p className="mt-1 mb-6 text-14 text-ink-2">
            You followed the one-time link that <span className="font-mono text-13">heddle up</span> printed. It is
            spent once the account is made.
          </p>
          <SetupForm token={token} account={null} />
        </>
      )}
      {state.state === 'password' && isToken && (
        <>
          <h1 className="font-semibold text-24">Choose a password</h1>
          <p className="mt-1 mb-6 text-14 text-ink-2">This link sets it once, for {state.name}.</p>
          <SetupForm token={token} account={state.name} />
        </>
      )}
      {(state.state === 'needs_link' || state.state === 'done') && (
        <>
          <h1 className="font-semibold text-24">
            {state.state === 'done' ? 'This link is spent' : 'A link is needed'}
          </h1>
          <p className="mt-1 mb-6 text-14 text-ink-2">{state.reason}</p>
          {state.state === 'done' && (
            <a href={routes.signIn} className={buttonClass({ look: 'primary' })}>
              Sign in
            </a>
          )}
        </>
      )}
    </Door>
  )
}

interface Step {
  act: string
  why: string
  how?: string
}

function Then({ steps }: Readonly<{ steps: readonly Step[] }>) {
  return (
    <div className="flex h-full flex-col justify-center px-[8%]">
      <h2 className="mb-2 font-medium text-12 text-ink-2">Then</h2>
      <ul className="border-line border-t">
        {steps.map((step) => (
          <li
            key={step.act}
            className="flex min-h-10 flex-wrap items-center justify-between gap-x-6 gap-y-1 border-line border-b py-2"
          >
            <span>
              <span className="font-medium">{step.act}</span> <span className="text-ink-2">{step.why}</span>
            </span>
            {step.how !== undefined && <code className="font-mono text-12 text-ink-2">{step.how}</code>}
          </li>
        ))}
      </ul>
    </div>
  )
}
