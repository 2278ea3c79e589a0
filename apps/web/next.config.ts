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

/**
 * What tRPC answers, except the live stream. Next hands the type that a route itself sets to its compression as a list,
 * which that takes for nothing to compress; one that is set here comes as text.
 */
const answers = {
  source: '/api/trpc/:procedures((?!live\\.watch$).+)',
  headers: [{ key: 'content-type', value: 'application/json' }],
}

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
  // Everything but the live stream, which tRPC marks no-transform: a gzip buffer would hold its events back.
  compress: true,
  reactStrictMode: true,
  devIndicators: false,
  headers: async () => [{ source: '/:path*', headers: securityHeaders }, answers],
}

export default config
