// What speaks against a change that is being reviewed: what would be refused, then what is only told.
'use client'
import { StatusMark } from '@/components/ui/status'

interface Finding {
  path: readonly (string | number)[]
  message: string
}

export function Findings({
  mistakes,
  warnings,
}: Readonly<{ mistakes: readonly Finding[]; warnings: readonly Finding[] }>) {
  if (mistakes.length + warnings.length === 0) return null
  return (
    <div className="mb-4 flex flex-col gap-2 rounded-2 bg-warn-tint px-3 py-2.5">
      {mistakes.map(({ path, message }) => (
        <p key={`${path.join('.')} ${message}`} role="alert" className="flex gap-2.5">
          <StatusMark state="failing" className="mt-1" />
          <span>
            <span className="font-medium">This would be refused:</span> {message}
          </span>
        </p>
      ))}
      {warnings.map(({ path, message }) => (
        <p key={`${path.join('.')} ${message}`} className="flex gap-2.5">
          <StatusMark state="degraded" className="mt-1" />
          <span>{message}</span>
        </p>
      ))}
    </div>
  )
}
