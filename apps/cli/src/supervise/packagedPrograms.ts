// Where Heddle's other programs lie in the package that `npm run dist` makes, beside the bundle that this is part of. It
// stands there for programs.ts, and holds what an instance on another machine needs.
import { join } from 'node:path'

const packageRoot = join(import.meta.dirname, '..')

export const PROGRAMS = {
  proxy: join(packageRoot, 'lib', 'proxy.js'),
  preload: join(packageRoot, 'preload', 'envProxy.cjs'),
  keepCompiled: join(packageRoot, 'preload', 'keepCompiled.cjs'),
} as const
