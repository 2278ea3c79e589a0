// A change of one resource as YAML, which is loaded when there is one to show.
'use client'
import { type ComponentProps, lazy, Suspense, useEffect, useState } from 'react'
import type * as yaml from './resourceYaml'
import { YamlSkeleton } from './skeleton'

/** Once it is there, what shows it is drawn at once: React keeps even a moment's fallback for a third of a second. */
let here: typeof yaml | null = null
const load = async () => {
  here = await import('./resourceYaml')
  return here
}
const LateThreeWays = lazy(() => load().then((module) => ({ default: module.ThreeWays })))
const LateTwoAsYaml = lazy(() => load().then((module) => ({ default: module.TwoAsYaml })))

export const warmDiff = () => void load().catch(() => {})

/** For who edits: the review that follows has its difference with its first picture. */
export function useDiffSoon(): void {
  useEffect(warmDiff, [])
}

/** As difference, as a whole, and as a command. */
export function ResourceDiff(props: ComponentProps<typeof yaml.ThreeWays>) {
  const [ThreeWays] = useState(() => here?.ThreeWays ?? LateThreeWays)
  return (
    <Suspense fallback={<YamlSkeleton />}>
      <ThreeWays {...props} />
    </Suspense>
  )
}

export function YamlDiff(props: ComponentProps<typeof yaml.TwoAsYaml>) {
  const [TwoAsYaml] = useState(() => here?.TwoAsYaml ?? LateTwoAsYaml)
  return (
    <Suspense fallback={<YamlSkeleton />}>
      <TwoAsYaml {...props} />
    </Suspense>
  )
}
