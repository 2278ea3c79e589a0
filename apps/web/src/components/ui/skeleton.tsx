// What stands in a page's place while it loads: the final geometry, only after 200 ms, still.

export function Bone({ className }: Readonly<{ className: string }>) {
  return <span className={`inline-block rounded-1 bg-press align-middle ${className}`} />
}

/** Widths of the names in each row: uneven, as names are. */
const ROWS = ['w-20', 'w-28', 'w-24', 'w-32', 'w-16', 'w-30', 'w-26', 'w-22'] as const
const CELLS = ['success', 'volume', 'p50', 'p95', 'p99'] as const

export function TableSkeleton() {
  return (
    <div className="skeleton-late" role="status" aria-label="Loading">
      {ROWS.map((width) => (
        <div key={width} className="flex h-[34px] items-center gap-10 border-line border-b">
          <Bone className="h-2.5 w-16" />
          <Bone className={`h-2.5 ${width}`} />
          {CELLS.map((cell) => (
            <Bone key={cell} className="h-2.5 w-12 max-md:hidden" />
          ))}
        </div>
      ))}
    </div>
  )
}

export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="skeleton-late">
      <Bone className="mb-6 h-5 w-72" />
      <TableSkeleton />
    </div>
  )
}

const LINES = ['w-32', 'w-44', 'w-36', 'w-52', 'w-40'] as const

export function YamlSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="skeleton-late flex h-40 flex-col justify-center gap-3.5 rounded-2 border border-line-strong px-3"
    >
      {LINES.map((width) => (
        <Bone key={width} className={`h-2.5 ${width}`} />
      ))}
    </div>
  )
}
