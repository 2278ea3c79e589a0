// What is proposed and not applied, in the accent of everything that one can act on.
export function DraftBadge({ className = '' }: Readonly<{ className?: string }>) {
  return (
    <span
      className={`whitespace-nowrap rounded-1 bg-accent-tint px-1.5 font-medium text-12 text-accent-text ${className}`}
    >
      Draft, nothing applied yet
    </span>
  )
}
