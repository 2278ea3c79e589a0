// A short explanation beside a control, on hover and on focus. Never the only place where something is said.
'use client'
import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

export interface TooltipProps {
  text: ReactNode
  children: ReactElement
}

export function HintTooltip({ text, children }: Readonly<TooltipProps>) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger delay={300} render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-(--z-tooltip)">
          <Tooltip.Popup className="max-w-72 rounded-2 bg-raised px-2.5 py-1.5 text-12 text-ink-2 shadow-pop">
            {text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
