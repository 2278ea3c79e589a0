// Positions for a set of services and edges. Asked for when the set changes, never when numbers do; remembered while
// this tab is open, so that coming back finds everything where it was.
'use client'
import ELK, { type ELK as Engine } from 'elkjs/lib/elk-api.js'
import { useEffect, useMemo, useRef, useState } from 'react'
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

/**
 * Null until there is one; the last one stays while the next is made. Asked for once at a time: of a large mesh the set
 * moves sooner than the engine answers, and its answer is then extended to the set of that moment.
 */
export function useLayout(topology: Topology): Found {
  const key = useMemo(() => topologyKey(topology), [topology])
  const [found, setFound] = useState<Found>({ layout: null, failed: false })
  const wanted = useRef(topology)
  const isHere = useRef(false)
  const isAsked = useRef(false)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the topology, whatever its object
  useEffect(() => {
    const show = (layout: Layout) => {
      remembered = layout
      if (isHere.current) setFound({ layout, failed: false })
    }
    const place = () => {
      const extended = remembered === null ? null : extendLayout(remembered, wanted.current)
      if (extended !== null) show(extended)
      else if (!isAsked.current) ask()
    }
    const ask = () => {
      isAsked.current = true
      const asked = wanted.current
      theEngine()
        .layout(layoutRequest(asked))
        .then(layoutOf)
        .then(
          (layout) => {
            isAsked.current = false
            show(layout)
            if (wanted.current !== asked) place()
          },
          () => {
            isAsked.current = false
            if (isHere.current) setFound((last) => ({ ...last, failed: true }))
          },
        )
    }
    wanted.current = topology
    place()
  }, [key])
  return found
}
