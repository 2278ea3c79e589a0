#!/usr/bin/env node
// The `heddle` command as any Node can start it; what follows runs on the Node that the project pins.
import { launchClone } from './launchClone.mjs'

launchClone(process.argv.slice(2))
