import { defineConfig } from 'vitest/config'

const unit = {
  include: ['{apps,packages,examples}/*/src/**/*.test.ts', 'benchmarks/**/*.test.ts', 'scripts/**/*.test.mjs'],
  exclude: ['**/node_modules/**', '**/generated/**', '**/.next/**'],
}
const crossProcess = { include: ['{apps,packages,examples}/*/test/**/*.test.ts', 'tests/**/*.test.ts'] }

export default defineConfig({
  resolve: {
    alias: {
      // `server-only` throws where no React server bundler resolves it.
      'server-only': new URL('./node_modules/server-only/empty.js', import.meta.url).pathname,
    },
  },
  test: {
    // A guarantee that needs more is a scenario of `npm run soak`.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The machine for which this is tuned has two cores, and tests that start processes want one for these.
    maxWorkers: 2,
    globalSetup: ['./vitest.setup.ts'],
    projects: [
      { extends: true, test: { name: 'unit', ...unit } },
      { extends: true, test: { name: 'integration', ...crossProcess } },
    ],
  },
})
