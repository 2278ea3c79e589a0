import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostId } from './hostId.ts'

// The id has the form in which every process of Heddle makes ids, whoever came first, and stays.
test('makes the id once', () => {
  const home = mkdtempSync(join(tmpdir(), 'heddle-host-id-'))
  try {
    const made = hostId(join(home, 'new'))
    expect(made).toMatch(/^[a-z0-9]{12}$/)
    expect(hostId(join(home, 'new'))).toBe(made)
  } finally {
    rmSync(home, { recursive: true })
  }
})
