import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toYaml, yamlDiff } from './yamlDiff.ts'

// Only what differs is shown, with three lines around it.
test('a changed field shows as a unified diff', () => {
  const resource = (weight: number) => ({ a: 1, b: 2, c: 3, d: 4, weight, e: 5 })
  expect(yamlDiff('HTTPRoute/catalog', resource(90), resource(70))).toBe(
    [
      '--- HTTPRoute/catalog (stored)',
      '+++ HTTPRoute/catalog',
      '@@ -2,5 +2,5 @@',
      ' b: 2',
      ' c: 3',
      ' d: 4',
      '-weight: 90',
      '+weight: 70',
      ' e: 5',
    ].join('\n'),
  )
})

// Nothing to say, nothing shown; a new resource is all plus.
test('equal resources have no diff, new ones are added whole', () => {
  expect(yamlDiff('x', { a: 1 }, { a: 1 })).toBe('')
  expect(yamlDiff('x', null, { a: 1 })).toBe('--- /dev/null\n+++ x\n@@ -0,0 +1,1 @@\n+a: 1')
})

// Other tools understand it: applied to the stored form, it gives the new one.
test('git can apply the diff', () => {
  const before = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, i]))
  const after = {
    ...Object.fromEntries(Object.entries(before).filter(([key]) => key !== 'k3')),
    k20: 'new',
    k39: [1, 2],
  }
  const directory = mkdtempSync(join(tmpdir(), 'heddle-diff-'))
  try {
    const file = join(directory, 'x.yaml')
    writeFileSync(file, toYaml(before))
    const [, , ...hunks] = yamlDiff('x', before, after).split('\n')
    const input = ['--- a/x.yaml', '+++ b/x.yaml', ...hunks, ''].join('\n')
    execFileSync('git', ['apply', '-'], { cwd: directory, input })
    expect(readFileSync(file, 'utf8')).toBe(toYaml(after))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
