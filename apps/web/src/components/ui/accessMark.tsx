// What the rules say of a call, as a square: filled (allowed by a rule), hollow (by default), half (audited), crossed (denied).

export type AccessState = 'allow' | 'default' | 'audit' | 'deny'

/** `size` in pixels: in the matrix it says how many calls there were. */
export function AccessMark({ state, size = 12 }: Readonly<{ state: AccessState; size?: number }>) {
  return (
    <svg viewBox="0 0 12 12" width={size} height={size} aria-hidden className="shrink-0">
      {state === 'allow' && <rect x={1} y={1} width={10} height={10} rx={2} fill="var(--ok)" />}
      {state === 'default' && (
        <rect
          x={1.75}
          y={1.75}
          width={8.5}
          height={8.5}
          rx={1.5}
          fill="none"
          stroke="var(--control)"
          strokeWidth={1.5}
        />
      )}
      {state === 'audit' && (
        <>
          <rect
            x={1.75}
            y={1.75}
            width={8.5}
            height={8.5}
            rx={1.5}
            fill="none"
            stroke="var(--warn)"
            strokeWidth={1.5}
          />
          <path d="M10.5 1.5v7a2 2 0 0 1-2 2h-7Z" fill="var(--warn)" />
        </>
      )}
      {state === 'deny' && (
        <>
          <rect x={1} y={1} width={10} height={10} rx={2} fill="var(--fail)" />
          <path d="m4 4 4 4m0-4-4 4" stroke="var(--fail-on)" strokeWidth={1.4} strokeLinecap="round" />
        </>
      )}
    </svg>
  )
}
