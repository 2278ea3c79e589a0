#!/usr/bin/env node
// The `heddle` command as any Node can start it; what follows runs on the Node that the project pins.
import { launch } from './launch.mjs'

launch(process.argv.slice(2))
