// A button for an act that somebody may lack the right to: then it is dashed, has a lock, and tells the reason on focus
// and hover, and to screen readers as its description.
'use client'
import { Lock } from 'lucide-react'
import { type ComponentProps, useId } from 'react'
import { Button } from './button'
import { Hint } from './hint'

export type Permission = { allowed: true } | { allowed: false; reason: string }

type Props = ComponentProps<typeof Button> & { permission: Permission | undefined }

export function GuardedButton({ permission, children, ...rest }: Props) {
  const reasonId = useId()
  if (permission === undefined || permission.allowed) return <Button {...rest}>{children}</Button>
  return (
    <Hint text={permission.reason}>
      <Button size={rest.size} className={rest.className} disabled aria-describedby={reasonId}>
        <Lock size={13} aria-hidden />
        {children}
        <span id={reasonId} className="sr-only">
          {permission.reason}
        </span>
      </Button>
    </Hint>
  )
}
