// A change of one resource as YAML, which is loaded when there is one to show.
'use client'
import { type ComponentProps, lazy, Suspense, useEffect, useState } from 'react'
import type * as yaml from './resourceYaml'
import { Bone } from './skeleton'

/** Once it is there, what shows it is drawn at once: React keeps even a moment's fallback for a third of a second. */
let here: typeof yaml | null = null
const load = async () => {
  here = await import('./resourceYaml')
  return here
}
const LateThreeWays = lazy(() => load().then((module) => ({ default: module.ThreeWays })))
const LateTwoAsYaml = lazy(() => load().then((module) => ({ default: module.TwoAsYaml })))

/** For who edits: the review that follows has its difference with its first picture. */
export function useDiffSoon(): void {
  useEffect(() => void load().catch(() => {}), [])
}

/** As difference, as a whole, and as a command. */
export function ResourceDiff(props: ComponentProps<typeof yaml.ThreeWays>) {
  const [ThreeWays] = useState(() => here?.ThreeWays ?? LateThreeWays)
  return (
    <Suspense fallback={<Waiting />}>
      <ThreeWays {...props} />
    </Suspense>
  )
}

export function YamlDiff(props: ComponentProps<typeof yaml.TwoAsYaml>) {
  const [TwoAsYaml] = useState(() => here?.TwoAsYaml ?? LateTwoAsYaml)
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
