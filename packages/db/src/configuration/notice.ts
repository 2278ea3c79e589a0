// What is said on CONFIG_CHANNEL after each commit: `<epoch> <revision>`. The epoch goes with it, for after a restore
// the revisions of the new epoch are lower than those before. Pure.

export interface Notice {
  epoch: number
  revision: number
}

export const writeNotice = ({ epoch, revision }: Notice): string => `${epoch} ${revision}`

/** undefined: not a notice; anybody who may connect to the database may notify. */
export function readNotice(payload: string): Notice | undefined {
  const match = /^(\d{1,15}) (\d{1,15})$/.exec(payload)
  return match === null ? undefined : { epoch: Number(match[1]), revision: Number(match[2]) }
}
