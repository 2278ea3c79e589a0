// The mark: an H of two heddle wires, whose crossbar is a thread through both eyes, the only part in accent.

export function Mark({ size = 22 }: Readonly<{ size?: number }>) {
  return (
    <svg viewBox="0 0 22 22" width={size} height={size} aria-hidden className="shrink-0">
      <g fill="none" stroke="var(--text-1)" strokeWidth={1.9} strokeLinecap="round">
        <path d="M6.5 2v4.6M6.5 12.2V20M15.5 2v7.8M15.5 15.4V20" />
        <rect x={4.4} y={6.6} width={4.2} height={5.6} rx={2.1} />
        <rect x={13.4} y={9.8} width={4.2} height={5.6} rx={2.1} />
      </g>
      <path
        d="M1 9h4c4 0 6 3.6 10 3.6h6"
        fill="none"
        stroke="var(--accent-text)"
        strokeWidth={1.9}
        strokeLinecap="round"
      />
    </svg>
  )
}

/** `wordClass`: where the mark has to do alone. */
export function Wordmark({ wordClass = '' }: Readonly<{ wordClass?: string }>) {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Mark />
      <span className={`font-semibold text-14 tracking-[-0.01em] ${wordClass}`}>heddle</span>
    </span>
  )
}
