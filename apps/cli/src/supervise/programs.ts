// Where Heddle's other programs lie in this repository.
import { join } from 'node:path'

export const repository = join(import.meta.dirname, '..', '..', '..', '..')

export const PROGRAMS = {
  proxy: join(repository, 'apps', 'proxy', 'src', 'main.ts'),
  control: join(repository, 'apps', 'control', 'src', 'main.ts'),
  console: join(repository, 'apps', 'web', '.next', 'standalone', 'apps', 'web', 'server.js'),
  preload: join(repository, 'apps', 'cli', 'preload', 'envProxy.cjs'),
  endWithParent: join(repository, 'apps', 'cli', 'preload', 'endWithParent.cjs'),
  keepCompiled: join(repository, 'apps', 'cli', 'preload', 'keepCompiled.cjs'),
  shop: join(repository, 'examples', 'shop'),
} as const
