// The console's own way into a Postgres that DATABASE_URL names: a weaker role, which the control plane creates.
import { createHmac } from 'node:crypto'

/** Longest name of a role (NAMEDATALEN - 1). */
const NAME_BYTES = 63

/**
 * The same database for the role `<database>_console`. Its password follows from the owner's, so that every start and
 * every machine with the same DATABASE_URL has the same one, and the owner's cannot be found from it. `fallbackSecret`
 * stands in where the URL holds no password (a peer's certificate, .pgpass). undefined where the URL is not one.
 */
export function consoleDatabaseUrl(databaseUrl: string, fallbackSecret: () => string): string | undefined {
  const url = URL.parse(databaseUrl)
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) return undefined
  const database = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username) || 'heddle'
  const secret = url.password === '' ? fallbackSecret() : decodeURIComponent(url.password)
  url.username = `${database.slice(0, NAME_BYTES - '_console'.length)}_console`
  url.password = createHmac('sha256', secret).update(`heddle console of ${database}`).digest('base64url')
  return url.href
}
