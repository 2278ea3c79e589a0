// How results reach the terminal: tables that line up, JSON that stays stable, notes on stderr.

export interface Terminal {
  /** A line of the result, on stdout. */
  out(line: string): void
  /** A line about progress or trouble, on stderr. */
  note(line: string): void
}

export const terminal: Terminal = {
  out: (line) => {
    process.stdout.write(`${line}\n`)
  },
  note: (line) => {
    process.stderr.write(`${line}\n`)
  },
}

/** Two-space indented JSON with a line break at the end. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

/** Rows in columns as wide as their widest cell; columns whose cells all look like numbers stand on the right. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((title, i) => {
    const cells = rows.map((row) => row[i] ?? '')
    return {
      width: Math.max(title.length, ...cells.map((cell) => cell.length)),
      isNumeric: cells.length > 0 && cells.every((cell) => /^(?:[\d.,]+(?: ?(?:%|ms|s|rps))?|-)$/.test(cell)),
    }
  })
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ width, isNumeric }, i) => (isNumeric ? (cells[i] ?? '').padStart(width) : (cells[i] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)].join('\n')
}
