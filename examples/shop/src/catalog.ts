// The catalog, in two versions: VERSION=v2 knows recommendations, is slower, and fails for one call in 25.
import { HttpError, serve } from './httpServer.ts'
import { failSometimes, work } from './work.ts'

const isNew = process.env.VERSION === 'v2'
const version = isNew ? 'v2' : 'v1'

const PRODUCTS = [
  { id: 'heddle', name: 'Heddle, wire, 300 mm', cents: 450 },
  { id: 'reed', name: 'Reed, 12 dents', cents: 3900 },
  { id: 'shuttle', name: 'Boat shuttle', cents: 2700 },
  { id: 'bobbin', name: 'Bobbin, paper', cents: 120 },
  { id: 'warp', name: 'Cotton warp, 500 g', cents: 1650 },
  { id: 'loom', name: 'Table loom, 8 shafts', cents: 64_900 },
]

serve(`catalog ${version}`, async ({ path }) => {
  await work(isNew ? 35 : 12)
  if (isNew) failSometimes(0.04, 'recommendations are not ready')
  if (path === '/products') return { body: { version, products: PRODUCTS } }
  const [, , id] = /^\/(products)\/([^/]+)$/.exec(path) ?? []
  const product = PRODUCTS.find((candidate) => candidate.id === id)
  if (product === undefined) throw new HttpError(404, `there is no ${path}`)
  const others = PRODUCTS.filter((candidate) => candidate.id !== id).slice(0, 2)
  return { body: { version, ...product, ...(isNew ? { goesWith: others.map((other) => other.id) } : {}) } }
})
