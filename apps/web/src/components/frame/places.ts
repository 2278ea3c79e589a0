// The places of the console, and how many of each want attention.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Brackets, KeyRound, LayoutGrid, ListTree, SlidersHorizontal, Split, Waypoints } from 'lucide-react'
import { usePathname } from 'next/navigation'
import type { ComponentType } from 'react'
import { routes } from '@/lib/routes'
import { useTRPC } from '@/trpc/client'
import { useProxiesWanting } from './live'
import { useRange } from './useRange'

export interface Place {
  href: string
  label: string
  Icon: ComponentType<{ size?: number; className?: string; 'aria-hidden'?: boolean }>
}
const PLACES: readonly Place[] = [
  { href: routes.services, label: 'Services', Icon: LayoutGrid },
  { href: routes.traffic, label: 'Traffic', Icon: Split },
  { href: routes.access, label: 'Access', Icon: KeyRound },
  { href: routes.map, label: 'Map', Icon: Waypoints },
  { href: routes.proxies, label: 'Proxies', Icon: Brackets },
  { href: routes.changes, label: 'Changes', Icon: ListTree },
]
const SETTINGS: Place = { href: routes.settings, label: 'Settings', Icon: SlidersHorizontal }

export interface PlaceNow extends Place {
  isHere: boolean
  /** How many there want somebody. */
  wanting: number
}

/** The numbers beside the places are those of the pages' own titles. */
export function usePlaces(): PlaceNow[] {
  const path = usePathname()
  const proxiesWanting = useProxiesWanting()
  const trpc = useTRPC()
  const { input } = useRange()
  const attention = useQuery(
    trpc.services.attention.queryOptions({ range: input }, { placeholderData: keepPreviousData }),
  )
  const wanting: Record<string, number> = {
    [routes.services]: attention.data?.attention ?? 0,
    [routes.proxies]: proxiesWanting,
  }
  return [...PLACES, SETTINGS].map((place) => ({
    ...place,
    isHere: path === place.href || path.startsWith(`${place.href}/`),
    wanting: wanting[place.href] ?? 0,
  }))
}
