// In a long table, the place of a row that was scrolled to and is on its way.
import { Bone } from './skeleton'

interface Props {
  /** Its place in the whole list, the first being 0. */
  index: number
  columns: number
  /** Pixels. */
  height: number
}

export function ComingRow({ index, columns, height }: Readonly<Props>) {
  return (
    <tr aria-rowindex={index + 2}>
      <td colSpan={columns} style={{ height }}>
        <Bone className="skeleton-late h-2.5 w-48" />
      </td>
    </tr>
  )
}
