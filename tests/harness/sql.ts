// A client of Postgres, as an application: `node sql.ts URL QUERY…` prints the rows of each query as a line of JSON.
import { Client } from 'pg'

const [connectionString, ...queries] = process.argv.slice(2)
const client = new Client({ connectionString })
await client.connect()
for (const query of queries) console.log(JSON.stringify((await client.query(query)).rows))
await client.end()
