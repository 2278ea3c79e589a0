// An identity that is no longer believed, whatever its certificate says.

export interface Revocation {
  kind: 'service' | 'instance'
  name: string
  reason: string
  revokedBy: string
  /** Milliseconds since the epoch. */
  revokedAt: number
}

export function toRevocation(row: {
  kind: string
  name: string
  reason: string
  revokedBy: string
  revokedAt: Date
}): Revocation {
  return { ...row, kind: row.kind === 'service' ? 'service' : 'instance', revokedAt: row.revokedAt.getTime() }
}
