// Two texts as lines kept, taken away and added, with some context around; and a text as the command that applies it.

export interface DiffLine {
  kind: 'same' | 'removed' | 'added' | 'skipped'
  text: string
}

/** Longest common subsequence of lines; texts here are resources of some hundred lines. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before === '' ? [] : before.split('\n')
  const b = after === '' ? [] : after.split('\n')
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' })
      i++
      j++
    } else if (
      i < a.length &&
      (j >= b.length || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    )
      lines.push({ kind: 'removed', text: a[i++] ?? '' })
    else lines.push({ kind: 'added', text: b[j++] ?? '' })
  }
  return lines
}

/** Only what changed, with `context` lines around it; what is left out becomes one "skipped" line. */
export function withContext(lines: readonly DiffLine[], context = 3): DiffLine[] {
  const kept = lines.map((_, i) =>
    lines.slice(Math.max(0, i - context), i + context + 1).some((line) => line.kind !== 'same'),
  )
  return lines.flatMap((line, i): DiffLine[] => {
    if (kept[i]) return [line]
    return i === 0 || kept[i - 1] ? [{ kind: 'skipped', text: '…' }] : []
  })
}

/** What one types to apply a text without the console. */
export function applyCommand(yaml: string): string {
  return `heddle apply -f - <<'YAML'\n${yaml}\nYAML`
}
