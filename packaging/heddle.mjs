#!/usr/bin/env node
// The `heddle` command of the package, as any Node can start it; what follows runs on the Node that npm installs with it.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchProgram } from './launch.mjs'

launchProgram(join(dirname(fileURLToPath(import.meta.url)), '..', 'lib', 'heddle.js'), process.argv.slice(2))
