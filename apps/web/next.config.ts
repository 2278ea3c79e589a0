// The console's build: a standalone server, the workspace's TypeScript compiled along with it.
import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

const root = fileURLToPath(new URL('../..', import.meta.url))

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  transpilePackages: ['@heddle/db', '@heddle/proxy', '@heddle/shared'],
  // Native or dynamic parts that a bundler must leave alone.
  serverExternalPackages: ['pg', 'ws', 'prom-client', '@peculiar/x509', 'reflect-metadata', 'better-auth'],
  poweredByHeader: false,
  // A gzip buffer would hold live events back; whoever puts a reverse proxy in front compresses there.
  compress: false,
  reactStrictMode: true,
  devIndicators: false,
  typedRoutes: false,
}

export default config
