// A change of one resource as YAML, which is loaded when there is one to show.
'use client'
import { type ComponentProps, lazy, Suspense } from 'react'
import type * as yaml from './resourceYaml'
import { Bone } from './skeleton'

const load = () => import('./resourceYaml')
const ThreeWays = lazy(() => load().then((module) => ({ default: module.ThreeWays })))
const TwoAsYaml = lazy(() => load().then((module) => ({ default: module.TwoAsYaml })))

/** As difference, as a whole, and as a command. */
export function ResourceDiff(props: ComponentProps<typeof yaml.ThreeWays>) {
  return (
    <Suspense fallback={<Waiting />}>
      <ThreeWays {...props} />
    </Suspense>
  )
}

export function YamlDiff(props: ComponentProps<typeof yaml.TwoAsYaml>) {
  return (
    <Suspense fallback={<Waiting />}>
      <TwoAsYaml {...props} />
    </Suspense>
  )
}

const LINES = ['w-32', 'w-44', 'w-36', 'w-52', 'w-40'] as const

function Waiting() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="skeleton-late flex h-40 flex-col justify-center gap-3.5 rounded-2 border border-line-strong px-3"
    >
      {LINES.map((width) => (
        <Bone key={width} className={`h-2.5 ${width}`} />
      ))}
    </div>
  )
}
