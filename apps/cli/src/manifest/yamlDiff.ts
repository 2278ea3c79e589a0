// A resource as YAML, and the difference of two as a unified diff.
import { stringify } from 'yaml'

/** What `apply` takes; long lines stay whole. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 })
}

/** Lines around a difference that are shown with it, as diff -u does. */
const CONTEXT = 3

type Line = { mark: ' ' | '-' | '+'; text: string }

/** The shortest edit between two lists of lines, by their longest common subsequence. Resources are small. */
function diffLines(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1
  const common = new Uint32Array((before.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: Line[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i] ?? '' })
      i++
      j++
    } else if (i < before.length && (j === after.length || at(i + 1, j) >= at(i, j + 1)))
      lines.push({ mark: '-', text: before[i++] ?? '' })
    else lines.push({ mark: '+', text: after[j++] ?? '' })
  }
  return lines
}

const linesOf = (value: unknown): string[] => (value === null ? [] : toYaml(value).replace(/\n$/, '').split('\n'))

/** A unified diff of two resources as YAML, null being none; empty where they are the same. */
export function yamlDiff(name: string, before: unknown, after: unknown): string {
  const lines = diffLines(linesOf(before), linesOf(after))
  const changed = lines.flatMap(({ mark }, i) => (mark === ' ' ? [] : [i]))
  if (changed.length === 0) return ''
  const output = [
    `--- ${before === null ? '/dev/null' : `${name} (stored)`}`,
    `+++ ${after === null ? '/dev/null' : name}`,
  ]
  const isNear = (i: number) => changed.some((c) => Math.abs(c - i) <= CONTEXT)
  for (let start = 0; start < lines.length; start++) {
    if (!isNear(start)) continue
    let end = start
    while (end < lines.length && isNear(end)) end++
    const count = (part: readonly Line[], mark: '-' | '+') => part.filter((line) => line.mark !== mark).length
    const hunk = lines.slice(start, end)
    const earlier = lines.slice(0, start)
    const range = (skip: '-' | '+') => {
      const length = count(hunk, skip)
      return `${count(earlier, skip) + (length === 0 ? 0 : 1)},${length}`
    }
    output.push(`@@ -${range('+')} +${range('-')} @@`, ...hunk.map(({ mark, text }) => mark + text))
    start = end
  }
  return output.join('\n')
}
