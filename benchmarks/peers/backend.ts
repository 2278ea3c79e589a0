// The backend that all arms have behind them, on the generator's cores: nginx where there is one, else a small Node
// server.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nginxConfig } from './arms/nginx.ts'
import { startChild } from './child.ts'
import { freePort } from './freePort.ts'
import { onPath } from './onPath.ts'
import { bodyOf, PATHS, SIZES } from './paths.ts'
import { untilAnswered, untilCalled } from './reach.ts'

const program = (name: string): string => fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url))

export interface RunningBackend extends AsyncDisposable {
  port: number
  program: 'nginx' | 'node'
}

export async function startBackend(directory: string): Promise<RunningBackend> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const port = await freePort()
  const nginx = onPath('nginx')
  const config = join(directory, 'config')
  if (nginx !== null) writeFileSync(config, configOf(directory, port))
  const command =
    nginx === null
      ? [process.execPath, program('backend'), `${port}`]
      : [nginx, '-p', directory, '-e', `${directory}/error.log`, '-c', config]
  const child = startChild(command, join(directory, 'log'))
  await Promise.race([untilAnswered(port, PATHS.small, performance.now()), child.died])
  return {
    port,
    program: nginx === null ? 'node' : 'nginx',
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  }
}

/** Behind it for calls of gRPC. */
export async function startGrpcBackend(directory: string): Promise<AsyncDisposable & { port: number }> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const port = await freePort()
  const child = startChild([process.execPath, program('grpcBackend'), `${port}`], join(directory, 'log'))
  await Promise.race([untilCalled(port, performance.now()), child.died])
  return { port, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() }
}

/** The small answer comes from the configuration, the others from files. */
function configOf(directory: string, port: number): string {
  for (const name of ['large', 'huge'] as const) writeFileSync(join(directory, name), bodyOf(SIZES[name]))
  return nginxConfig(directory, [
    `server {
    listen 127.0.0.1:${port};
    default_type application/json;
    location = ${PATHS.small} { return 200 '${bodyOf(SIZES.small)}'; }
    location / { root ${directory}; }
  }`,
  ])
}
