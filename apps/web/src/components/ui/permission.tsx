// A button for an act that somebody may lack the right to: then it is dashed, has a lock, and tells the reason on focus
// and hover, and to screen readers as its description.
'use client'
import { Tooltip } from '@base-ui/react/tooltip'
import { Lock } from 'lucide-react'
import { type ComponentProps, useId } from 'react'
import { Button } from './button'
import { tooltipClass } from './tooltip'

export type Permission = { allowed: true } | { allowed: false; reason: string }

type Props = ComponentProps<typeof Button> & { permission: Permission | undefined }

export function GuardedButton({ permission, children, ...rest }: Props) {
  const reasonId = useId()
  if (permission === undefined || permission.allowed) return <Button {...rest}>{children}</Button>
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        delay={100}
        render={
          <Button size={rest.size} className={rest.className as string} disabled aria-describedby={reasonId}>
            <Lock size={13} aria-hidden />
            {children}
            <span id={reasonId} className="sr-only">
              {permission.reason}
            </span>
          </Button>
        }
      />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-(--z-tooltip)">
          <Tooltip.Popup className={tooltipClass}>{permission.reason}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
