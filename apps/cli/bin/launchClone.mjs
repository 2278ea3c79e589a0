// Runs the clone's own `heddle`: bundled where it can be, else from its sources. Any Node can run this file.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { programOf } from './bundled.mjs'
import { fail, launchProgram } from './launch.mjs'
import { root } from './pinnedNode.mjs'

export function launchClone(args) {
  if (!existsSync(join(root, 'node_modules', 'commander')))
    fail(new Error(`the packages are not installed; run "npm ci" in ${root}`))
  launchProgram(programOf(root, args), args)
}
