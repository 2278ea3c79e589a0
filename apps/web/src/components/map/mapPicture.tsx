// The room of the picture, and what it waits for until it is drawn: first for its code, then for its layout.
'use client'
import dynamic from 'next/dynamic'
import { useCallback, useState } from 'react'
import { plural } from '@/data/numbers'
import type { CanvasProps } from './mapCanvas'

const MapCanvas = dynamic(() => import('./mapCanvas').then((module) => module.MapCanvas), { ssr: false })

export function MapPicture(props: Readonly<Omit<CanvasProps, 'onDrawn'>>) {
  const [isDrawn, setDrawn] = useState(false)
  const onDrawn = useCallback(() => setDrawn(true), [])
  const { nodes, edges } = props.data
  return (
    <div className="relative h-[calc(100dvh-210px)] min-h-[420px]">
      <MapCanvas {...props} onDrawn={onDrawn} />
      {!isDrawn && (
        <p
          role="status"
          className="skeleton-late absolute inset-0 grid place-items-center border-line border-y text-ink-2"
        >
          Laying out {plural(nodes.length, 'card')} and {plural(edges.length, 'edge')} …
        </p>
      )}
    </div>
  )
}
