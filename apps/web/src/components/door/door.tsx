// The pages before the console: the form on the left, and beside it what the console is about, drawn.
import type { ReactNode } from 'react'
import { Wordmark } from '@/components/frame/logo'

export function Door({ children, aside, foot }: Readonly<{ children: ReactNode; aside: ReactNode; foot: ReactNode }>) {
  return (
    <div className="flex min-h-dvh">
      <div className="flex w-[600px] shrink-0 flex-col justify-between px-10 py-9 max-lg:w-full max-md:px-5">
        <Wordmark />
        <main id="page" className="mx-auto w-full max-w-[408px] py-10">
          {children}
        </main>
        <p className="text-12 text-ink-3">{foot}</p>
      </div>
      <div className="relative min-w-0 flex-1 overflow-hidden border-line border-l bg-side max-lg:hidden">{aside}</div>
    </div>
  )
}
