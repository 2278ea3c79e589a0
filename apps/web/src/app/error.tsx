// A page that broke: what may help, and the digest by which the console's log names it.
'use client'
import { Button } from '@/components/ui/button'
import { StatusMark } from '@/components/ui/status'

interface Props {
  error: Error & { digest?: string }
  reset: () => void
}

export default function PageBroke({ error, reset }: Readonly<Props>) {
  return (
    <main className="mx-auto max-w-xl px-6 py-24">
      <h1 className="flex items-center gap-2.5 font-semibold text-20">
        <StatusMark state="failing" />
        This page broke
      </h1>
      <p className="mt-1 text-ink-2">
        Traffic is not affected: proxies go on with the configuration they hold. Try again; if it breaks anew, the
        console’s log says why.
      </p>
      {error.digest !== undefined && (
        <p className="mt-1 text-ink-3">
          Error <span className="font-mono text-12">{error.digest}</span>
        </p>
      )}
      <div className="mt-4">
        <Button onClick={reset}>Try again</Button>
      </div>
    </main>
  )
}
