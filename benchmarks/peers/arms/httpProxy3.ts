// http-proxy-3 on Node's own servers, with kept connections: what a small proxy in JavaScript costs without an engine.
import { fileURLToPath } from 'node:url'
import type { ProxySettings } from '../programs/httpProxy3.ts'
import { configuredArm, type Program } from './configured.ts'

const script = fileURLToPath(new URL('../programs/httpProxy3.ts', import.meta.url))

const program: Program = {
  name: 'http-proxy-3',
  find: () => process.execPath,
  advice: '',
  versionArguments: [
    '-p',
    "JSON.parse(require('node:fs').readFileSync(require.resolve('http-proxy-3').replace(/dist.*/, 'package.json'))).version",
  ],
  configure: ({ role, listen, to, certificates }) =>
    JSON.stringify({ role, listen, to, certificates } satisfies ProxySettings),
  arguments: (configFile) => [script, configFile],
}

export const httpProxy3 = configuredArm(program)
