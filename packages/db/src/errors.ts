// What can go wrong with a change or a registration, as errors that carry what a person needs in order to go on.
import type { ResourceRef } from '@heddle/shared'
import type { Change, Mistake } from '@heddle/shared/api/index'
import type { StoredResource } from './configuration/storedResource.ts'

const nameOf = (ref: ResourceRef): string => `${ref.kind} ${ref.name}`

/** The edit was made from an older version of the resource than the stored one. Nothing was changed. */
export class StaleEditError extends Error {
  readonly ref: ResourceRef
  /** null: the resource has been deleted meanwhile. */
  readonly current: StoredResource | null
  readonly lastChange: Change | null
  /** `isMade`: the edit was to make it, and it is there already. */
  constructor(ref: ResourceRef, current: StoredResource | null, lastChange: Change | null, isMade = false) {
    const who = lastChange === null ? 'somebody else' : lastChange.actor
    super(
      isMade
        ? `There is ${nameOf(ref)} already, last changed by ${who}. Choose another name, or edit that one.`
        : `${nameOf(ref)} was ${current === null ? 'deleted' : 'changed'} by ${who} meanwhile. Look at it again.`,
    )
    this.name = 'StaleEditError'
    this.ref = ref
    this.current = current
    this.lastChange = lastChange
  }
}

/** A resource of the change to be taken back is no longer as that change left it. Nothing was changed. */
export class RevertConflictError extends Error {
  readonly revision: number
  readonly conflicts: readonly { ref: ResourceRef; current: StoredResource | null; lastChange: Change | null }[]
  constructor(revision: number, conflicts: RevertConflictError['conflicts']) {
    super(
      `Change ${revision} cannot be reverted: ${conflicts.map(({ ref }) => nameOf(ref)).join(', ')} was changed again since.`,
    )
    this.name = 'RevertConflictError'
    this.revision = revision
    this.conflicts = conflicts
  }
}

/** The change is not valid; every mistake is listed. Nothing was changed. */
export class InvalidChangeError extends Error {
  readonly mistakes: readonly Mistake[]
  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map((mistake) => mistake.message).join(' '))
    this.name = 'InvalidChangeError'
    this.mistakes = mistakes
  }
}

/** What was asked for does not exist; the message says what does where that helps. */
export class NotFoundError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotFoundError'
  }
}

/** Without this admin nobody could let anybody in any more. Nothing was changed. */
export class LastAdminError extends Error {
  constructor(name: string) {
    super(`${name} is the only admin. Make somebody else an admin first.`)
    this.name = 'LastAdminError'
  }
}

/** A service or derived name (`catalog-v2`) is taken by another service. */
export class NameClashError extends Error {
  readonly takenName: string
  constructor(takenName: string, message: string) {
    super(message)
    this.name = 'NameClashError'
    this.takenName = takenName
  }
}
