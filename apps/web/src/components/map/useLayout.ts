// Positions for a set of services and edges. Asked for when the set changes, never when numbers do; remembered while
// this tab is open, so that coming back finds everything where it was.
'use client'
import ELK, { type ELK as Engine } from 'elkjs/lib/elk-api.js'
import { useEffect, useState } from 'react'
import { extendLayout, type Layout, layoutOf, layoutRequest, type Topology, topologyKey } from '@/data/mapLayout'

let engine: Engine | null = null
let remembered: Layout | null = null

function theEngine(): Engine {
  engine ??= new ELK({
    workerFactory: () => new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' }),
  })
  return engine
}

interface Found {
  layout: Layout | null
  failed: boolean
}

/** Null until there is one; the last one stays while the next is made. */
export function useLayout(topology: Topology): Found {
  const key = topologyKey(topology)
  const [found, setFound] = useState<Found>({ layout: null, failed: false })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the topology, whatever its object
  useEffect(() => {
    let isWanted = true
    const answer = (layout: Layout) => {
      remembered = layout
      if (isWanted) setFound({ layout, failed: false })
    }
    const extended = remembered === null ? null : extendLayout(remembered, topology)
    if (extended !== null) answer(extended)
    else
      theEngine()
        .layout(layoutRequest(topology))
        .then(
          (laidOut) => answer(layoutOf(laidOut)),
          () => isWanted && setFound((last) => ({ ...last, failed: true })),
        )
    return () => {
      isWanted = false
    }
  }, [key])
  return found
}
