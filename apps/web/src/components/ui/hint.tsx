// A short explanation beside a control. What it explains stands before the tooltip is loaded.
'use client'
import { lazy, Suspense } from 'react'
import type { TooltipProps } from './tooltip'

const HintTooltip = lazy(() => import('./tooltip').then((module) => ({ default: module.HintTooltip })))

export function Hint({ text, children }: Readonly<TooltipProps>) {
  return (
    <Suspense fallback={children}>
      <HintTooltip text={text}>{children}</HintTooltip>
    </Suspense>
  )
}
