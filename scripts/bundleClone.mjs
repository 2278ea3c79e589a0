// Bundles `heddle run` and the proxy for this clone, which starts them from there until a source changes.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { bundlesIn, manifestIn, stampOf } from '../apps/cli/bin/bundled.mjs'
import { bundle, PROGRAMS } from './bundle.mjs'
import { root } from './install.mjs'

/** What runs from an older build may still load a part of it, or start its proxy again. */
const KEPT_MS = 90 * 24 * 3_600_000

const bundles = bundlesIn(root)
mkdirSync(bundles, { recursive: true })
for (const entry of readdirSync(bundles, { withFileTypes: true })) {
  const path = join(bundles, entry.name)
  if (entry.isDirectory() && Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true })
}

const folder = randomBytes(6).toString('hex')
const startedAt = Date.now()
const modules = await bundle(join(bundles, folder), PROGRAMS.clone)
const others = ['package-lock.json', 'scripts/bundle.mjs'].map((path) => join(root, path))
const inputs = [...modules.filter((path) => !path.startsWith(join(root, 'node_modules'))), ...others]
// Of a source that changed meanwhile nobody knows which state is bundled: then the clone starts from its sources.
if (inputs.some((path) => statSync(path).mtimeMs >= startedAt)) rmSync(join(bundles, folder), { recursive: true })
else {
  const stamps = Object.fromEntries(inputs.map((path) => [relative(root, path), stampOf(path)]))
  const next = `${manifestIn(root)}.${folder}`
  writeFileSync(next, JSON.stringify({ folder, inputs: stamps }))
  renameSync(next, manifestIn(root))
}
