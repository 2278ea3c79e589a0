// The zone in which times are shown, held in the URL: `tz=local`, or UTC.
'use client'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { ZONES, type Zone } from '@/data/zone'

const parser = parseAsStringLiteral(ZONES).withDefault('utc')

export function useZone(): [zone: Zone, choose: (zone: Zone) => void] {
  const [zone, setZone] = useQueryState('tz', parser)
  return [zone, (next) => void setZone(next)]
}
