// The console's build: a standalone server, the workspace's TypeScript compiled along with it.
import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** For every answer; the content security policy, which differs each time, is set in src/proxy.ts. */
const securityHeaders = [
  { key: 'x-content-type-options', value: 'nosniff' },
  { key: 'x-frame-options', value: 'DENY' },
  // Setup links carry a secret in their query.
  { key: 'referrer-policy', value: 'no-referrer' },
  { key: 'cross-origin-opener-policy', value: 'same-origin' },
  { key: 'cross-origin-resource-policy', value: 'same-origin' },
  { key: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
]

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  transpilePackages: ['@heddle/control', '@heddle/db', '@heddle/proxy', '@heddle/shared'],
  // Native or dynamic parts that a bundler must leave alone.
  serverExternalPackages: ['pg', 'ws', 'prom-client', '@peculiar/x509', 'reflect-metadata', 'better-auth'],
  // `npm run typecheck` checks the types; whoever starts a mesh need not wait for that.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // A gzip buffer would hold live events back; whoever puts a reverse proxy in front compresses there.
  compress: false,
  reactStrictMode: true,
  devIndicators: false,
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
}

export default config
