import { expect, test } from 'vitest'
import { consoleDatabaseUrl } from './consoleDatabaseUrl.ts'

const never = (): string => {
  throw new Error('there is a password')
}

// The console gets a role and a password of its own, the same at every start, and keeps the server's options.
test('the console has a role of its own', () => {
  const owner = 'postgresql://mesh:s%40crt@db.example.org:5433/prod?sslmode=require'
  const url = new URL(consoleDatabaseUrl(owner, never) ?? '')
  expect(url.username).toBe('prod_console')
  expect(url.password).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(`${url.host}${url.pathname}${url.search}`).toBe('db.example.org:5433/prod?sslmode=require')
  expect(consoleDatabaseUrl(owner, never)).toBe(url.href)
  expect(consoleDatabaseUrl(owner.replace('s%40crt', 'other'), never)).not.toBe(url.href)
})

// Without a password in the URL nobody may guess the console's.
test('without a password a secret of this machine stands in', () => {
  const first = consoleDatabaseUrl('postgresql://mesh@db/prod', () => 'a')
  expect(first).not.toBe(consoleDatabaseUrl('postgresql://mesh@db/prod', () => 'b'))
})

// What is no URL is for the control plane to refuse, in its words.
test('nonsense stays nonsense', () => {
  expect(consoleDatabaseUrl('mysql://x/y', never)).toBeUndefined()
  expect(consoleDatabaseUrl('nonsense', never)).toBeUndefined()
})
