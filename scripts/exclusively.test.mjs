import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimFile } from './claim.mjs'
import { exclusively } from './exclusively.mjs'

let directory
let lock
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-lock-'))
  lock = join(directory, 'cache', 'build.lock')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Starts a process that goes through the lock and notes when it was inside; its stderr once it has ended. */
function builder() {
  const program = `
    import { appendFileSync } from 'node:fs'
    import { exclusively } from ${JSON.stringify(new URL('./exclusively.mjs', import.meta.url).href)}
    await exclusively(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(join(directory, 'steps'))}, 'in\\n')
      await new Promise((resolve) => setTimeout(resolve, 100))
      appendFileSync(${JSON.stringify(join(directory, 'steps'))}, 'out\\n')
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve) => child.on('close', () => resolve(stderr)))
}

const leftOver = (text) => {
  mkdirSync(join(directory, 'cache'), { recursive: true })
  writeFileSync(lock, text)
}

// Several starts in one fresh clone build one after the other, also where they find the lock of one that was killed;
// who waits says for whom.
test('builders that start at once do not overlap', async () => {
  leftOver('1\nsome other boot/1\nx\n')
  const told = await Promise.all([builder(), builder(), builder(), builder()])
  expect(readFileSync(join(directory, 'steps'), 'utf8')).toBe('in\nout\n'.repeat(4))
  expect(told.join('')).toMatch(/waiting for process \d+ to finish building/)
  expect(readdirSync(join(directory, 'cache'))).toEqual([])
})

// What a killed process left hung every later start in silence: an empty file, or a number that another process has now.
test.each([[''], [String(process.pid)], [`${process.pid}\nsome other boot/1\nx\n`]])(
  '%j counts for nothing',
  async (text) => {
    leftOver(text)
    expect(await exclusively(lock, async () => 'built')).toBe('built')
  },
)

// A step that fails lets the next one in.
test('the lock is released when the step fails', async () => {
  await expect(exclusively(lock, async () => Promise.reject(new Error('no space')))).rejects.toThrow('no space')
  expect(await exclusively(lock, async () => 'built')).toBe('built')
})

// Judging takes time: whoever was judged dead may have been replaced by one that lives, whose lock must stay.
test('a lock that changed hands while it was judged is not taken over', () => {
  leftOver('dead')
  const held = claimFile(lock, 'ours', (text) => {
    if (text === 'dead') writeFileSync(lock, 'alive')
    return text === 'dead'
  })
  expect(held).toBe('alive')
  expect(readFileSync(lock, 'utf8')).toBe('alive')
})
