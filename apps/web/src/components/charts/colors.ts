// Tokens for the canvas, which knows no CSS variables: resolved once each, forgotten when the theme changes.
'use client'

const known = new Map<string, string>()
let probe: HTMLElement | null = null
const listeners = new Set<() => void>()

/** The colour that a CSS colour expression has now; `color-mix()` and `var()` included. */
export function resolveColor(expression: string): string {
  const found = known.get(expression)
  if (found !== undefined) return found
  if (probe === null) {
    probe = document.createElement('span')
    probe.hidden = true
    document.body.append(probe)
    watchTheme()
  }
  probe.style.color = expression
  const resolved = getComputedStyle(probe).color
  known.set(expression, resolved)
  return resolved
}

/** Calls back after every change of theme, by hand or by the system. Returns the way to stop it. */
export function onThemeChange(callback: () => void): () => void {
  listeners.add(callback)
  return () => listeners.delete(callback)
}

function watchTheme(): void {
  const changed = () => {
    known.clear()
    for (const listener of listeners) listener()
  }
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)
}
