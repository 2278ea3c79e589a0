// Which account the server runs under, and which directories that account can reach.
// An ordinary user runs the server as itself. Postgres refuses root, so root gives it a uid that nobody else uses:
// not `nobody`, which other daemons share and which could then read the data. initdb alone insists on a name in the
// account database and runs as `nobody`, in a directory that is handed over before the server starts.
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

export interface Account {
  uid: number
  gid: number
}

export interface ServerAccounts {
  /** Runs the server and owns the data. */
  server: Account
  /** Runs initdb. */
  initdb: Account
}

/** In the range that systemd leaves unused (60578–61183), and within the 65,536 ids that containers usually map. */
const PREFERRED_UID = 60_940
const LAST_UID = 61_183

async function passwd(): Promise<{ name: string; uid: number; gid: number }[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid, gid] = line.split(':')
    return name === '' ? [] : [{ name, uid: Number(uid), gid: Number(gid) }]
  })
}

/** null: this process is not root, and starts everything as itself. */
export async function serverAccounts(): Promise<ServerAccounts | null> {
  if (process.geteuid?.() !== 0) return null
  const accounts = await passwd()
  const nobody = accounts.find((account) => account.name === 'nobody')
  if (nobody === undefined) {
    throw new Error(
      'Postgres does not run as root, and this system has no user "nobody" for making its data directory. ' +
        'Run Heddle as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
    )
  }
  const taken = new Set(accounts.map((account) => account.uid))
  let uid = PREFERRED_UID
  while (taken.has(uid) && uid < LAST_UID) uid++
  return { server: { uid, gid: uid }, initdb: { uid: nobody.uid, gid: nobody.gid } }
}

/** Whether the account can pass every directory down to `path`. */
export async function canReach(path: string, account: Account): Promise<boolean> {
  for (let directory = resolve(path); ; directory = dirname(directory)) {
    const facts = await stat(directory)
    const bit = facts.uid === account.uid ? 0o100 : facts.gid === account.gid ? 0o010 : 0o001
    if ((facts.mode & bit) === 0) return false
    if (directory === dirname(directory)) return true
  }
}
