// What can be done from the palette, besides going to what it finds. Pure.
import type { Action } from '@heddle/shared/can'
import { PRESETS, type PresetId } from './timeRange.ts'

export type Deed =
  | { do: 'go'; href: string }
  | { do: 'theme'; theme: 'system' | 'light' | 'dark' }
  | { do: 'range'; preset: PresetId }
  | { do: 'keys' }
  | { do: 'signOut' }

export interface PaletteAction {
  id: string
  label: string
  deed: Deed
  /** The right that it takes; without it the palette says whose it is. */
  needs?: Action
}

const go = (label: string, href: string): PaletteAction => ({ id: `go ${href}`, label, deed: { do: 'go', href } })

export const PALETTE_ACTIONS: readonly PaletteAction[] = [
  go('Go to Services', '/services'),
  go('Go to Traffic', '/traffic'),
  go('Go to Access', '/access'),
  go('Go to Map', '/map'),
  go('Go to Proxies', '/proxies'),
  go('Go to Changes', '/changes'),
  go('Go to Settings', '/settings'),
  { ...go('New service', '/services?new=service'), needs: 'service.write' },
  { ...go('Write a rule', '/access?rule=%2B'), needs: 'rule.write' },
  ...PRESETS.map(
    ({ id, label }): PaletteAction => ({
      id: `range ${id}`,
      label: `Show the ${label.toLowerCase()}`,
      deed: { do: 'range', preset: id },
    }),
  ),
  { id: 'theme light', label: 'Light theme', deed: { do: 'theme', theme: 'light' } },
  { id: 'theme dark', label: 'Dark theme', deed: { do: 'theme', theme: 'dark' } },
  { id: 'theme system', label: 'Theme like the system', deed: { do: 'theme', theme: 'system' } },
  { id: 'keys', label: 'Show all keys', deed: { do: 'keys' } },
  { id: 'sign out', label: 'Sign out', deed: { do: 'signOut' } },
]

/** Before anything is typed: the places alone. */
export const FIRST_ACTIONS = PALETTE_ACTIONS.slice(0, 7)
