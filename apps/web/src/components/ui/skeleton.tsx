// What stands in a page's place while it loads: the final geometry, only after 200 ms, still.

export function Bone({ className }: Readonly<{ className: string }>) {
  return <span className={`inline-block rounded-1 bg-press align-middle ${className}`} />
}

const WIDTHS = ['w-20', 'w-28', 'w-24', 'w-32', 'w-16', 'w-28', 'w-24', 'w-20']

export function TableSkeleton({ rows = 8, columns = 7 }: Readonly<{ rows?: number; columns?: number }>) {
  return (
    <div className="skeleton-late" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <div key={row} className="flex h-[34px] items-center gap-8 border-line border-b">
          {Array.from({ length: columns }, (_, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
            <Bone key={column} className={`h-2.5 ${column === 1 ? WIDTHS[row % WIDTHS.length] : column === 0 ? 'w-16' : 'w-12 max-md:hidden'}`} />
          ))}
        </div>
      ))}
    </div>
  )
}

export function PageSkeleton() {
  return (
    <div className="skeleton-late" role="status" aria-label="Loading">
      <Bone className="mb-6 h-5 w-72" />
      <TableSkeleton />
    </div>
  )
}
