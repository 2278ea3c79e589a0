// The people who sign in to the console. Sessions and password checks are better-auth's, on the same tables; accounts
// are made and changed here only, so that the one-time link that allows it is spent in the same transaction.
import { randomUUID } from 'node:crypto'
import { ROLES, type Role } from '@heddle/shared'
import { audit } from '../changes/audit.ts'
import { lockMesh } from '../configuration/revision.ts'
import type { Database, Transaction } from '../connection/database.ts'
import { LastAdminError, NotFoundError } from '../errors.ts'

export interface UserRow {
  id: string
  /** What the person types: an e-mail address or a plain name, lower case, unique. */
  name: string
  role: Role
  /** Milliseconds since the epoch. */
  createdAt: number
}

/** better-auth's name for accounts with a password. */
const PASSWORD_PROVIDER = 'credential'

/** The unique address that better-auth knows a user by: its own, or one under a domain that exists nowhere (RFC 2606). */
export function userEmail(name: string): string {
  return name.includes('@') ? name : `${name}@heddle.invalid`
}

/** By name. */
export async function listUsers(db: Database): Promise<UserRow[]> {
  const rows = await db.prisma.user.findMany({ orderBy: { name: 'asc' } })
  return rows.map(toUserRow)
}

export async function findUser(tx: Database | Transaction, name: string): Promise<UserRow | null> {
  const row = await client(tx).user.findUnique({ where: { email: userEmail(name) } })
  return row === null ? null : toUserRow(row)
}

export async function hasAdmin(tx: Database | Transaction): Promise<boolean> {
  return (await client(tx).user.findFirst({ where: { role: 'admin' }, select: { id: true } })) !== null
}

/** `passwordHash` as better-auth's hashPassword makes it. The caller has checked that the name is free. */
export async function createUser(
  tx: Transaction,
  { name, role, passwordHash }: { name: string; role: Role; passwordHash: string },
): Promise<void> {
  const id = randomUUID()
  await tx.user.create({ data: { id, name, email: userEmail(name), emailVerified: true, role } })
  await tx.account.create({
    data: { id: randomUUID(), accountId: id, providerId: PASSWORD_PROVIDER, userId: id, password: passwordHash },
  })
}

/** Sets the password and ends every session of the user. Whether there was such a user. */
export async function setUserPassword(
  tx: Transaction,
  { name, passwordHash }: { name: string; passwordHash: string },
): Promise<boolean> {
  const user = await tx.user.findUnique({ where: { email: userEmail(name) } })
  if (user === null) return false
  const { count } = await tx.account.updateMany({
    where: { userId: user.id, providerId: PASSWORD_PROVIDER },
    data: { password: passwordHash },
  })
  if (count === 0)
    await tx.account.create({
      data: {
        id: randomUUID(),
        accountId: user.id,
        providerId: PASSWORD_PROVIDER,
        userId: user.id,
        password: passwordHash,
      },
    })
  await tx.session.deleteMany({ where: { userId: user.id } })
  return true
}

/** Audited; ends the user's sessions. Throws NotFoundError or LastAdminError. The same role again is no change. */
export function setUserRole(db: Database, input: { name: string; role: Role; actor: string }): Promise<void> {
  const { name, role, actor } = input
  return db.transaction(async (tx) => {
    const user = await lockUser(tx, name)
    if (user.role === role) return
    if (role !== 'admin') await refuseLastAdmin(tx, user)
    await tx.user.update({ where: { id: user.id }, data: { role } })
    await tx.session.deleteMany({ where: { userId: user.id } })
    await audit(tx, { actor, kind: 'user', summary: `User ${name} made ${role}, was ${user.role}` })
  })
}

/**
 * Takes the account away, with its sessions and the links that would set its password. Audited. API tokens that the
 * person made stay: they are machines'. Throws NotFoundError or LastAdminError.
 */
export function removeUser(db: Database, { name, actor }: { name: string; actor: string }): Promise<void> {
  return db.transaction(async (tx) => {
    const user = await lockUser(tx, name)
    await refuseLastAdmin(tx, user)
    await tx.setupToken.deleteMany({ where: { userName: user.name, usedAt: null } })
    // Sessions and the password go with it.
    await tx.user.delete({ where: { id: user.id } })
    await audit(tx, { actor, kind: 'user', summary: `User ${name} (${user.role}) removed` })
  })
}

/** Under the mesh's lock, so that of two admins who remove each other one stays. */
async function lockUser(tx: Transaction, name: string): Promise<UserRow> {
  await lockMesh(tx)
  const user = await findUser(tx, name)
  if (user === null) throw new NotFoundError(`There is no user ${name}.`)
  return user
}

async function refuseLastAdmin(tx: Transaction, { id, name, role }: UserRow): Promise<void> {
  if (role !== 'admin') return
  const may = { role: 'admin', id: { not: id }, OR: [{ banned: false }, { banned: null }] }
  if ((await tx.user.findFirst({ where: may, select: { id: true } })) === null) throw new LastAdminError(name)
}

function client(tx: Database | Transaction): Transaction {
  return 'prisma' in tx ? tx.prisma : tx
}

function toUserRow(row: { id: string; name: string; role: string | null; createdAt: Date }): UserRow {
  // A role that is not known here allows the least.
  const role = ROLES.find((known) => known === row.role) ?? 'viewer'
  return { id: row.id, name: row.name, role, createdAt: row.createdAt.getTime() }
}
