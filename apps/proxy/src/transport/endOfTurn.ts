// What is to be done when everything that came in a turn of the event loop was read: one immediate for all of it.

let waiting: (() => void)[] = []

/** `action` must not throw. */
export function atEndOfTurn(action: () => void): void {
  if (waiting.push(action) === 1) setImmediate(run)
}

function run(): void {
  const actions = waiting
  waiting = []
  for (const action of actions) action()
}
