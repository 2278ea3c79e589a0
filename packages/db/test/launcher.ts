// Starts an embedded Postgres and says so on stdout; a process that tests can kill.
// Arguments: directory, umask (octal).
import { startEmbeddedPostgres } from '@heddle/db/embedded/startEmbeddedPostgres'

const [directory = '', umask = '022'] = process.argv.slice(2)
process.umask(Number.parseInt(umask, 8))
try {
  const { pid, url, superuserUrl } = await startEmbeddedPostgres({ directory, log: () => {} })
  console.log(JSON.stringify({ pid, url, superuserUrl }))
  // Until it is killed.
  setInterval(() => {}, 1_000)
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }))
  process.exitCode = 1
}
