// Endpoints that this proxy leaves alone for now, told to the control plane a moment after they change.

/** The wire's limit. */
const MOST_ENDPOINTS = 1_000

export interface Ejection {
  instance: string
  /** Milliseconds since the epoch. */
  untilMs: number
}

export class EjectionReport {
  readonly #read: () => Ejection[]
  readonly #send: (endpoints: Ejection[]) => boolean
  #told = '[]'

  /** `send` says whether somebody took it. */
  constructor(read: () => Ejection[], send: (endpoints: Ejection[]) => boolean) {
    this.#read = read
    this.#send = send
  }

  /** Sends the list if it differs from the one told last. Called every second or so. */
  tick(): void {
    const endpoints = this.#read().slice(0, MOST_ENDPOINTS)
    const text = JSON.stringify(endpoints)
    if (text !== this.#told && this.#send(endpoints)) this.#told = text
  }

  /** A control plane that is connected anew knows of none. */
  forget(): void {
    this.#told = '[]'
  }
}
