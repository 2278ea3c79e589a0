import { expect, test } from 'vitest'
import { applyCommand, diffLines, withContext } from './lineDiff.ts'
import { yamlOf } from './resourceYaml.ts'

// Kept and removed lines give the old text, kept and added the new one: a diff loses nothing.
test('both texts can be read off a diff', () => {
  const pairs = [
    ['a\nb\nc', 'a\nx\nc'],
    ['', 'a\nb'],
    ['a\nb', ''],
    ['weight: 90\n- name: v2\nweight: 10', 'weight: 70\n- name: v2\nweight: 30'],
  ] as const
  for (const [before, after] of pairs) {
    const lines = diffLines(before, after)
    expect(
      lines
        .filter((l) => l.kind !== 'added')
        .map((l) => l.text)
        .join('\n'),
    ).toBe(before)
    expect(
      lines
        .filter((l) => l.kind !== 'removed')
        .map((l) => l.text)
        .join('\n'),
    ).toBe(after)
  }
})

// Far from a change, lines are left out, and said to be.
test('context', () => {
  const text = Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n')
  const shown = withContext(diffLines(text, text.replace('line 10', 'other')), 1)
  expect(shown.map((line) => line.text)).toEqual(['…', 'line 9', 'line 10', 'other', 'line 11', '…'])
})

// The YAML is what apply takes, without the version of the moment.
test('yaml of a resource', () => {
  const resource = Object.freeze({ kind: 'Service', metadata: Object.freeze({ name: 'cart', resourceVersion: '7' }) })
  expect(yamlOf(resource)).toBe('kind: Service\nmetadata:\n  name: cart')
  expect(yamlOf(null)).toBe('')
  expect(applyCommand('a: 1')).toContain("<<'YAML'\na: 1\nYAML")
})
