// One-time links: what one is for, and using it. The link is spent in the transaction that makes the account or sets
// the password, so that it works exactly once, also when two people follow it at the same time. Who uses a link may not
// be whom it names, so the row in the history says who made it.
import {
  audit,
  consumeSetupToken,
  createUser,
  findUser,
  hasAdmin,
  peekSetupToken,
  type SpentGrant,
  setUserPassword,
} from '@heddle/db'
import { hashPassword } from 'better-auth/crypto'
import type { z } from 'zod'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'
import type { setupCompleteInputSchema, setupStateOutputSchema } from '../schemas/session.ts'

const NOT_VALID = 'This link was used already, has expired, or was replaced by a newer one.'

export async function setupState(
  { db, pulse }: Console,
  token: string | undefined,
): Promise<z.infer<typeof setupStateOutputSchema>> {
  const grant = token === undefined ? null : await pulse.read(() => peekSetupToken(db, token))
  const isSetUp = await pulse.read(() => hasAdmin(db))
  if (grant === null) {
    if (isSetUp) return { state: 'done', reason: token === undefined ? null : NOT_VALID }
    const advice = 'The first admin is made with the one-time link that "heddle up" prints.'
    return { state: 'needs_link', reason: token === undefined ? advice : `${NOT_VALID} ${advice}` }
  }
  if (grant.purpose === 'first_admin')
    return isSetUp ? { state: 'done', reason: 'There is an admin already. Sign in.' } : { state: 'first_admin' }
  return { state: 'password', name: grant.userName ?? '' }
}

/** @throws HeddleError `invalid`, `conflict` or `not_found`; the link stays unspent then. */
export async function completeSetup(
  { db }: Console,
  { token, name, password }: z.infer<typeof setupCompleteInputSchema>,
): Promise<{ name: string }> {
  // A guess at a link must not cost a scrypt, and one is not worth an open transaction.
  if ((await peekSetupToken(db, token)) === null) throw heddleError('not_found', NOT_VALID)
  const passwordHash = await hashPassword(password)
  return db.transaction(async (tx) => {
    const grant = await consumeSetupToken(tx, token)
    if (grant === null) throw heddleError('not_found', NOT_VALID)
    switch (grant.purpose) {
      case 'first_admin': {
        if (name === undefined) throw heddleError('invalid', 'Choose a name.')
        if (await hasAdmin(tx)) throw heddleError('conflict', 'There is an admin already. Sign in.')
        if ((await findUser(tx, name)) !== null) throw heddleError('conflict', `There is a user ${name} already.`)
        await createUser(tx, { name, role: 'admin', passwordHash })
        const summary = `First admin ${name} set up, ${byLinkOf(grant)}`
        await audit(tx, { actor: name, kind: 'user', summary })
        return { name }
      }
      case 'invitation': {
        const { userName, role } = grant
        if (userName === null || role === null) throw heddleError('not_found', NOT_VALID)
        if ((await findUser(tx, userName)) !== null)
          throw heddleError('conflict', `There is a user ${userName} already. Sign in.`)
        await createUser(tx, { name: userName, role, passwordHash })
        const summary = `User ${userName} (${role}) accepted an invitation, ${byLinkOf(grant)}`
        await audit(tx, { actor: userName, kind: 'user', summary })
        return { name: userName }
      }
      case 'password_reset': {
        const userName = grant.userName ?? ''
        if (!(await setUserPassword(tx, { name: userName, passwordHash })))
          throw heddleError('not_found', `There is no user ${userName} any more.`)
        const summary = `User ${userName} set a new password, ${byLinkOf(grant)}`
        await audit(tx, { actor: userName, kind: 'user', summary })
        return { name: userName }
      }
    }
  })
}

const byLinkOf = ({ createdBy }: SpentGrant): string => `by a link that ${createdBy} made`
