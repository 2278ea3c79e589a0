// The charts, which are drawn with more code than all around them: it is asked for with the page's numbers, not before.
'use client'
import dynamic from 'next/dynamic'
import { Bone } from '@/components/ui/skeleton'
import { PLOT_HEIGHT, PLOTS } from '@/data/plotSize'

const load = () => import('./goldenCharts').then((module) => module.GoldenCharts)
// With the page's own code, so that the charts are there when their numbers are.
if (typeof window !== 'undefined') void load().catch(() => {})

export const LateCharts = dynamic(load, { ssr: false, loading: Waiting })

/** The room that the charts will take. */
function Waiting() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="skeleton-late flex flex-col pt-[26px]"
      style={{ minHeight: PLOTS.length * PLOT_HEIGHT + 26 + 22 + 36 }}
    >
      {PLOTS.map((name) => (
        <div key={name} className="flex items-center gap-10" style={{ height: PLOT_HEIGHT }}>
          <Bone className="h-2.5 w-16 max-md:hidden" />
          <Bone className="h-16 flex-1" />
        </div>
      ))}
    </div>
  )
}
