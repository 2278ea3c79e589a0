// Tables. Pure.

export const row = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`

/** `rows` as `row` made them. */
export const table = (head: readonly string[], rows: readonly string[]): string[] => [
  row(...head),
  row(...head.map(() => '---')),
  ...rows,
]
