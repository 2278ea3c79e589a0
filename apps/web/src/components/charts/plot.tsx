// One plot of the stack: the drawing, the words at its right end, and beside it what it is called and stands at now.
import type { ReactNode } from 'react'
import { Measure } from '@/components/ui/numbers'
import type { Layer } from '@/data/goldenChart'
import { type Label, spread } from './chartView'
import { PAD } from './timeSeries'

/** Room at the right for the words. */
export const LABEL_WIDTH = 58

interface PlotProps {
  children: ReactNode
  height: number
  labels: readonly Label[]
}

export function Plot({ children, height, labels }: Readonly<PlotProps>) {
  return (
    <div className="relative pr-[58px]">
      {children}
      {spread(labels, height - 2 * PAD).map((label) => (
        <span
          key={label.text}
          aria-hidden
          className={`-translate-y-1/2 absolute right-0 w-[54px] whitespace-nowrap text-12 ${label.tone ?? 'text-ink-2'}`}
          style={{ top: PAD + label.at * (height - 2 * PAD) }}
        >
          {label.text}
        </span>
      ))}
    </div>
  )
}

interface ReadingProps {
  name: string
  value?: { text: string; unit: string }
  height: number
  children: ReactNode
}

export function Reading({ name, value, height, children }: Readonly<ReadingProps>) {
  return (
    <div style={{ height }}>
      <h2 className="text-ink-2">{name}</h2>
      {value !== undefined && <Measure value={value} className="font-medium text-20" />}
      <div className="text-12 text-ink-2">{children}</div>
    </div>
  )
}

export function Legend({ layers }: Readonly<{ layers: readonly Layer[] }>) {
  return (
    <span className="flex flex-wrap gap-x-2">
      {layers.map((layer) => (
        <span key={layer.key} className="inline-flex items-center gap-1">
          <span className="size-2 rounded-[2px]" style={{ background: `var(${layer.color})` }} />
          {layer.label.replace(', 3xx', '')}
        </span>
      ))}
    </span>
  )
}
