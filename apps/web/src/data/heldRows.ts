// A list whose rows come and go while one of them is being edited: the open row stays where it is, and the others keep
// their order. Pure; the one who shows the list keeps the hold between two readings.

export interface Hold<Row> {
  /** Name of the open row. */
  open: string
  /** Names in the order in which they stood when editing began. */
  order: readonly string[]
  /** The open row as it was last read; null: there was never one of this name. */
  row: Row | null
}

interface Reading<Row> {
  /** Everything there is. */
  rows: readonly Row[]
  /** What the filters keep of it, sorted. */
  kept: readonly Row[]
  open: string | null
  nameOf: (row: Row) => string
}

/** The hold after another reading: null while nothing is open, and `before` itself where nothing has changed. */
export function holdOf<Row>(before: Hold<Row> | null, { rows, kept, open, nameOf }: Reading<Row>): Hold<Row> | null {
  if (open === null) return null
  const order = before?.order ?? kept.map(nameOf)
  const row = rows.find((one) => nameOf(one) === open) ?? (before?.open === open ? before.row : null)
  return before !== null && before.open === open && before.row === row ? before : { open, order, row }
}

/** What is shown: the kept rows in the held order, newcomers last, and the open one even where it is filtered out or gone. */
export function heldRows<Row>(hold: Hold<Row> | null, { kept, nameOf }: Pick<Reading<Row>, 'kept' | 'nameOf'>): Row[] {
  if (hold === null) return [...kept]
  const isOpenKept = kept.some((row) => nameOf(row) === hold.open)
  const shown = hold.row === null || isOpenKept ? [...kept] : [...kept, hold.row]
  const place = (row: Row) => {
    const at = hold.order.indexOf(nameOf(row))
    return at === -1 ? hold.order.length : at
  }
  return shown.sort((a, b) => place(a) - place(b))
}
