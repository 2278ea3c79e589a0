// How many streams there may be at once: per caller, since a browser allows few connections to one origin anyway, and
// in all, so that nobody can use up the process.

const PER_CALLER = 12
const IN_ALL = 500

const open = new Map<string, number>()
let all = 0

/** A place that is given back when disposed; null: there is none. */
export function enter(caller: string): Disposable | null {
  const count = open.get(caller) ?? 0
  if (count >= PER_CALLER || all >= IN_ALL) return null
  open.set(caller, count + 1)
  all++
  let isHeld = true
  return {
    [Symbol.dispose]() {
      if (!isHeld) return
      isHeld = false
      all--
      const left = (open.get(caller) ?? 1) - 1
      if (left === 0) open.delete(caller)
      else open.set(caller, left)
    },
  }
}
