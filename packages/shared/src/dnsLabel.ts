// The syntax of a service's name by itself: pages check what is typed without loading a validator.

/** A DNS label (RFC 1123): 1–63 of a-z, 0-9 and '-', starting and ending with a letter or digit. */
export const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Never a service: every program means its own machine by it. */
export const isReserved = (label: string): boolean => label === 'localhost'

/** Whether a service could have this name, also one that is not there yet. */
export const isServiceLabel = (text: string): boolean => DNS_LABEL.test(text) && !isReserved(text)
