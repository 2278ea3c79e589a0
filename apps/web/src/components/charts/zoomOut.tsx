// The button out of a frozen range: below the charts, and where there is nothing to chart.
'use client'
import { ZoomOut } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { useZoom, type Zoom } from './useZoom'

/** Nothing while the range is live, which has nothing around it. */
export function ZoomOutButton({ zoom }: Readonly<{ zoom: Zoom }>) {
  if (!zoom.isFrozen) return null
  return (
    <Button look="quiet" size="small" onClick={zoom.zoomOut}>
      <ZoomOut size={14} aria-hidden />
      Zoom out
    </Button>
  )
}

/** In the place of charts without a call, so that one who zoomed into such a stretch gets out as one came in. */
export function WayOut() {
  return <ZoomOutButton zoom={useZoom()} />
}
