// Where Heddle's other programs lie for a clone's own bundle, a folder in node_modules/.cache/heddle/bundle. It stands
// there for programs.ts, and holds what `run` and `proxy` need.
import { join } from 'node:path'

const command = join(import.meta.dirname, '..', '..', '..', '..', '..', 'apps', 'cli')

export const PROGRAMS = {
  proxy: join(import.meta.dirname, 'proxy.js'),
  preload: join(command, 'preload', 'envProxy.cjs'),
  keepCompiled: join(command, 'preload', 'keepCompiled.cjs'),
} as const
