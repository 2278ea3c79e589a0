/** When the process began, in a form that two calls agree on; undefined where there is none (zombies included). */
export function beginningOf(pid: number): string | undefined
