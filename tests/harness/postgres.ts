// A Postgres of its own for the tests, as an application: `node postgres.ts PORT DIRECTORY`. Prints its superuser's URL.
import { startEmbeddedPostgres } from '@heddle/db/embedded/startEmbeddedPostgres'

const [port, directory = ''] = process.argv.slice(2)
const postgres = await startEmbeddedPostgres({ directory, port: Number(port), log: () => {} })
console.log(postgres.superuserUrl)
process.on('SIGTERM', () => void postgres.stop().then(() => process.exit(0)))
