// What is seen of each card and thread, beside the picture's library: that goes through all of them for a list in which
// one is another, and numbers are others with each tick. Here only those are drawn anew that look otherwise.
'use client'
import { createContext, useCallback, useContext, useLayoutEffect, useState, useSyncExternalStore } from 'react'
import { Drawn } from '@/data/drawn'
import { isSame } from '@/data/isSame'
import type { Point } from '@/data/mapLayout'
import { shownEdge, shownNode } from '@/data/shownMap'
import type { MapEdge, MapNode } from '@/server/schemas/map'

export interface CardView {
  node: MapNode
  /** Half the height of each eye; null where nothing runs. */
  eyes: { in: number | null; out: number | null }
  isFocused: boolean
  isFar: boolean
  isReached: boolean
}

export interface ThreadView {
  edge: MapEdge
  d: string
  middle: Point
  room: number
  isActive: boolean
  isFar: boolean
  /** null: its numbers are not shown. */
  label: readonly string[] | null
}

/** The same functions at each drawing. */
export interface CardActs {
  onPoint: (id: string | null) => void
  onReach: (id: string) => void
  onFocus: (id: string) => void
  onToggle: (owner: string) => void
}

const isSameCard = (a: CardView, b: CardView): boolean =>
  isSame({ ...a, node: null }, { ...b, node: null }) &&
  (a.node === b.node || isSame(shownNode(a.node), shownNode(b.node)))

const isSameThread = (a: ThreadView, b: ThreadView): boolean =>
  isSame({ ...a, edge: null }, { ...b, edge: null }) &&
  (a.edge === b.edge || isSame(shownEdge(a.edge), shownEdge(b.edge)))

interface Picture {
  cards: Drawn<CardView>
  threads: Drawn<ThreadView>
}

/** Told of what is to be seen after each drawing of the canvas, before the browser paints. */
export function usePicture(
  cards: Iterable<readonly [string, CardView]>,
  threads: Iterable<readonly [string, ThreadView]>,
): Picture {
  const [picture] = useState<Picture>(() => ({ cards: new Drawn(isSameCard), threads: new Drawn(isSameThread) }))
  useLayoutEffect(() => {
    picture.cards.tell(cards)
    picture.threads.tell(threads)
  })
  return picture
}

export const PictureContext = createContext<(Picture & { acts: CardActs }) | null>(null)

/** Undefined where it is drawn no more. */
export function useCard(id: string): { view: CardView; acts: CardActs } | undefined {
  const picture = useContext(PictureContext)
  const view = useView(picture?.cards, id)
  return picture === null || view === undefined ? undefined : { view, acts: picture.acts }
}

export const useThread = (id: string): ThreadView | undefined => useView(useContext(PictureContext)?.threads, id)

function useView<View>(drawn: Drawn<View> | undefined, id: string): View | undefined {
  const onChange = useCallback((listener: () => void) => drawn?.onChange(id, listener) ?? (() => {}), [drawn, id])
  const read = () => drawn?.get(id)
  return useSyncExternalStore(onChange, read, read)
}
