// Where the keys lead in a grid whose first row and column are heads (place -1). Pure; see the ARIA grid pattern.

export interface Place {
  row: number
  column: number
}

/** null: the key moves nothing. The corner has nothing in it and is passed by. */
export function moved(
  { row, column }: Place,
  key: string,
  size: { rows: number; columns: number },
  isFar = false,
): Place | null {
  const [lastRow, lastColumn] = [size.rows - 1, size.columns - 1]
  const at = (nextRow: number, nextColumn: number): Place => {
    const place = {
      row: Math.min(lastRow, Math.max(-1, nextRow)),
      column: Math.min(lastColumn, Math.max(-1, nextColumn)),
    }
    return place.row === -1 && place.column === -1 ? { row, column } : place
  }
  switch (key) {
    case 'ArrowUp':
      return at(row - 1, column)
    case 'ArrowDown':
      return at(row + 1, column)
    case 'ArrowLeft':
      return at(row, column - 1)
    case 'ArrowRight':
      return at(row, column + 1)
    case 'Home':
      return isFar ? at(0, 0) : at(row, row === -1 ? 0 : -1)
    case 'End':
      return isFar ? at(lastRow, lastColumn) : at(row, lastColumn)
    case 'PageUp':
      return at(Math.max(0, row - 10), column)
    case 'PageDown':
      return at(row + 10, column)
    default:
      return null
  }
}
