// Every key of the console, in one list: what they do and what the dialog of keys says. Pure.

export interface GoTo {
  key: string
  label: string
  href: string
}

/** After "g". */
export const GO_TOS: readonly GoTo[] = [
  { key: 's', label: 'Services', href: '/services' },
  { key: 't', label: 'Traffic', href: '/traffic' },
  { key: 'a', label: 'Access', href: '/access' },
  { key: 'm', label: 'Map', href: '/map' },
  { key: 'p', label: 'Proxies', href: '/proxies' },
  { key: 'c', label: 'Changes', href: '/changes' },
]

export const KEY_GROUPS: readonly {
  title: string
  isSingle: boolean
  keys: readonly [keys: string, does: string][]
}[] = [
  {
    title: 'Everywhere',
    isSingle: false,
    keys: [
      ['⌘ K or Ctrl K', 'find or do anything'],
      ['Tab, Enter, Esc', 'go on, open, close'],
    ],
  },
  {
    title: 'Single keys',
    isSingle: true,
    keys: [
      ['/', 'filter the list'],
      ['j, k', 'next and previous row of the list; Enter opens it'],
      ...GO_TOS.map(({ key, label }): [string, string] => [`g ${key}`, `go to ${label}`]),
      ['?', 'this list'],
    ],
  },
  {
    title: 'Map',
    isSingle: false,
    keys: [
      ['← →', 'along an edge, to a caller or a callee'],
      ['↑ ↓', 'to the next service of the column'],
      ['Space', 'only the neighbourhood'],
      ['Enter', 'open the service'],
      ['Esc', 'the whole map again'],
    ],
  },
  {
    title: 'Charts and sliders',
    isSingle: false,
    keys: [
      ['← →', 'move the cursor, or the weight by 1'],
      ['Shift ← →', 'the weight by 10'],
    ],
  },
]

export type KeyAct = { act: 'keys' } | { act: 'go'; href: string } | { act: 'row'; by: 1 | -1 } | null

/** `before`: the single key pressed within the last second, if it was one. */
export function actOf(key: string, before: string | null): KeyAct {
  if (before === 'g') {
    const goTo = GO_TOS.find((one) => one.key === key)
    return goTo === undefined ? null : { act: 'go', href: goTo.href }
  }
  if (key === '?') return { act: 'keys' }
  if (key === 'j') return { act: 'row', by: 1 }
  if (key === 'k') return { act: 'row', by: -1 }
  return null
}
