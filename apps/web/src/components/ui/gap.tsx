// In a table, the place of the rows that are not in sight.

export function Gap({ height, columns }: Readonly<{ height: number; columns: number }>) {
  if (height === 0) return null
  return (
    <tbody aria-hidden>
      <tr>
        <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
      </tr>
    </tbody>
  )
}
