// Whether single keys (as "/") do something: a cookie, since who dictates or presses keys by accident turns them off
// once and for every page (WCAG 2.2, 2.1.4).

export const SHORTCUTS = ['on', 'off'] as const
export type Shortcuts = (typeof SHORTCUTS)[number]
export const SHORTCUTS_COOKIE = 'heddle-shortcuts'

export function isShortcuts(value: unknown): value is Shortcuts {
  return SHORTCUTS.some((one) => one === value)
}
