// One builder at a time in a clone: several commands that start at once in a fresh one must not build into each other.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { claimFile } from './claim.mjs'
import { beginningOf } from './processId.mjs'

const POLL_MS = 200

/** The lock's text: process id, when it began (no line break in it), and what tells two locks of a process apart. */
const textOf = () => `${process.pid}\n${beginningOf(process.pid)}\n${randomBytes(8).toString('hex')}\n`

/** Whether its process is gone; also a text that nobody writes. */
function isLeftOver(text) {
  const [pid, began] = text.split('\n')
  return !/^\d+$/.test(pid) || beginningOf(Number(pid)) !== began
}

/**
 * Runs `step` while no other process is in here for the same lock file, and says on stderr for whom it waits. The lock
 * of a process that is gone does not count.
 */
export async function exclusively(lock, step) {
  mkdirSync(dirname(lock), { recursive: true })
  const text = textOf()
  let told
  for (;;) {
    const held = claimFile(lock, text, isLeftOver)
    if (held === undefined) break
    const holder = held.split('\n')[0]
    if (holder !== '' && holder !== told) process.stderr.write(`waiting for process ${holder} to finish building …\n`)
    if (holder !== '') told = holder
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  try {
    return await step()
  } finally {
    if (existsSync(lock) && readFileSync(lock, 'utf8') === text) rmSync(lock, { force: true })
  }
}
