// The structured log: one JSON line for each event, to a file of bounded size or to stdout. Lines are gathered and
// written off the request path; a disk that takes no more loses lines, which are counted, and nothing else.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log } from '../interfaces.ts'

/** Then the file is moved to `<name>.1` and a new one begun: twice this is the most that one proxy's log takes. */
const FILE_BYTES = 16 * 1024 * 1024
/** Lines wait at most this long. */
const FLUSH_MS = 250
/** With more waiting than this, lines are dropped. */
const WAITING_BYTES = 1024 * 1024

/** A join or API token inside any text: its secret part must never be written. */
const SECRET = /(heddle(?:\.[a-z0-9]{12}\.|_api_))[A-Za-z0-9_.-]{40,}/g

type Level = 'info' | 'warn' | 'error'
/** Takes whole lines; throws where they cannot be written. */
export type Sink = { write(text: string): void; close(): void }

export class JsonLog implements Log, Disposable {
  #sink: Sink | undefined
  #fields: Readonly<Record<string, unknown>> = {}
  #waiting = ''
  #dropped = 0
  #timer: NodeJS.Timeout | undefined

  /** Lines wait in memory until there is somewhere to write them. `fields` go into every line from now on. */
  open(sink: Sink, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#sink = sink
    this.#fields = fields
    this.flush()
  }

  /** Whole lines that another process of this proxy has made. */
  lines(text: string): void {
    if (this.#waiting.length > WAITING_BYTES) this.#dropped += countLines(text)
    else this.#wait(text)
  }

  /** Another process of this proxy has lost lines. */
  missed(lines: number): void {
    this.#dropped += lines
  }

  /** Lines that were lost because they could not be written. */
  get dropped(): number {
    return this.#dropped
  }

  info(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#line('info', message, fields)
  }

  warn(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#line('warn', message, fields)
  }

  error(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#line('error', message, fields)
    this.flush()
  }

  /** Writes what waits, at once. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#sink === undefined) return
    const text = this.#waiting
    this.#waiting = ''
    if (text === '') return
    try {
      this.#sink.write(text)
    } catch {
      this.#dropped += countLines(text)
    }
  }

  [Symbol.dispose](): void {
    this.flush()
    this.#sink?.close()
  }

  #line(level: Level, message: string, fields: Readonly<Record<string, unknown>> | undefined): void {
    if (this.#waiting.length > WAITING_BYTES) {
      this.#dropped++
      return
    }
    const line = JSON.stringify({ at: new Date().toISOString(), level, message, ...this.#fields, ...fields })
    this.#wait(`${line}\n`)
  }

  #wait(lines: string): void {
    this.#waiting += lines.replace(SECRET, '$1…')
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref()
  }
}

const countLines = (text: string): number => text.split('\n').length - 1

/** A file that is begun anew at 16 MiB, the one before kept as `<path>.1`. Throws where it cannot be opened. */
export function fileSink(path: string): Sink {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let file = openSync(path, 'a', 0o600)
  let size = fstatSync(file).size
  return {
    write(text) {
      if (size > FILE_BYTES) {
        // The old file stays open until the new one is: a failure in between costs nothing.
        renameSync(path, `${path}.1`)
        const next = openSync(path, 'a', 0o600)
        closeSync(file)
        file = next
        size = 0
      }
      writeFileSync(file, text)
      size += Buffer.byteLength(text)
    },
    close: () => closeSync(file),
  }
}

export function stdoutSink(): Sink {
  // Whoever read it may have gone: that is no reason to end.
  process.stdout.on('error', () => {})
  return {
    write: (text) => void process.stdout.write(text),
    close: () => {},
  }
}

/** A log that cannot be kept does not keep a proxy from serving: then its parent may have a use for the lines. */
export function fileOrStdoutSink(path: string): Sink {
  try {
    return fileSink(path)
  } catch {
    return stdoutSink()
  }
}
