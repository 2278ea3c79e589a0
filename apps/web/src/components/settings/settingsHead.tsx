// The head of a settings page: the answer as a title, a sentence, and what one can do.
import type { ReactNode } from 'react'

interface Props {
  title: ReactNode
  children: ReactNode
  action?: ReactNode
}

export function SettingsHead({ title, children, action }: Readonly<Props>) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
      <div className="min-w-60 max-w-[720px] flex-1">
        <h1 className="font-semibold text-20">{title}</h1>
        <p className="mt-1 text-ink-2">{children}</p>
      </div>
      {action}
    </div>
  )
}

/** What only an admin may see, said to those who are not. */
export function NotYours({ title, reason }: Readonly<{ title: string; reason: string }>) {
  return <SettingsHead title={title}>{reason}</SettingsHead>
}
