// `npm run seed`: a mesh of a thousand services with its past, to see and measure Heddle at that size. Into an empty
// database; into one that it filled before it adds what has passed since.
import { ensurePartitions, migrate, openDatabase } from '@heddle/db'
import { countPast } from './count.ts'
import { openSeedDatabase } from './database.ts'
import { findEarlier, settingsDocument } from './earlier.ts'
import { makeHistory } from './history.ts'
import { makeMesh } from './mesh.ts'
import { readOptions, type SeedOptions, USAGE } from './options.ts'
import { planTraffic } from './plan.ts'
import { writeMesh } from './writeMesh.ts'
import { openWriters } from './writers.ts'

const BUCKET_MS = 10_000
const DAY_MS = 86_400_000
/** What is older has left the table of 10 s by the time that somebody looks. */
const LONGEST_GAP_MS = 5 * 3_600_000

const say = (line: string): void => void process.stderr.write(`${line}\n`)

async function seed(options: SeedOptions): Promise<void> {
  await using server = await openSeedDatabase(process.env)
  await migrate({ url: server.url, log: say })
  await using db = await openDatabase({ url: server.url, applicationName: 'heddle seed' })
  const earlier = await findEarlier(db)
  if (earlier.kind === 'foreign' && !options.force)
    throw new Error(
      `This database holds a mesh of ${earlier.resources} resources that was not made by seeding. Set HEDDLE_HOME or ` +
        'DATABASE_URL to an empty one, or add --force to put the made services beside what is there.',
    )
  const to = Math.floor(Date.now() / BUCKET_MS) * BUCKET_MS
  const made = earlier.kind === 'seeded' ? earlier.made : options
  const from =
    earlier.kind === 'seeded' ? earlier.until : Math.floor((to - options.days * DAY_MS) / 3_600_000) * 3_600_000
  if (earlier.kind === 'seeded' && to - from > LONGEST_GAP_MS)
    throw new Error(
      'This mesh was seeded hours ago, and what lies between is missing. Seed an empty HEDDLE_HOME or DATABASE_URL.',
    )
  const services = makeMesh(made, made.seed)
  if (earlier.kind !== 'seeded') {
    const documents = earlier.kind === 'empty' ? [settingsDocument(made)] : []
    const configuration = makeHistory(services, { from, to, seed: made.seed, documents })
    await writeMesh(db, services, configuration)
    say(
      `${services.length} services, ${configuration.resources.length} resources, ${configuration.changes.length} changes`,
    )
  } else say(`adding what has passed since ${new Date(from).toISOString()}`)

  // The past is planned from one beginning, whenever it is added to.
  const plan = planTraffic(services, made.seed, to - options.days * DAY_MS, to)
  await using writers = await openWriters(server.url)
  const started = Date.now()
  let toldAt = started
  for (const until of countPast({
    plan,
    seed: made.seed,
    from,
    to,
    controlId: `seed-${from.toString(36)}`,
    write: writers.write,
  })) {
    await writers.drained()
    if (Date.now() - toldAt < 5_000) continue
    toldAt = Date.now()
    say(`metrics until ${new Date(until).toISOString().slice(0, 16)}: ${writers.rows().toLocaleString('en')} rows`)
  }
  await writers.end()
  await ensurePartitions(db, Date.now())
  await db.pool.query('ANALYZE')
  say(`${writers.rows().toLocaleString('en')} rows of metrics in ${Math.round((Date.now() - started) / 1_000)} s`)
}

const given = readOptions(process.argv.slice(2))
if ('mistakes' in given) {
  say([...given.mistakes, '', USAGE].join('\n'))
  process.exitCode = 64
} else
  await seed(given.options).catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  })
