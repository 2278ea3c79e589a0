// What a page shows, as somebody would ask for it in a terminal. Pure.
import { formatDurationMs } from '@heddle/shared/durationText'

interface Shown {
  service: string
  route: string
}

/** Broken for reading; a shell takes it as it stands. Names and labels need no quoting, by their syntax. */
export function statCommand({ service, route }: Shown, windowMs: number): string {
  return `heddle stat routes ${service} \\\n  --route ${route} \\\n  --window ${formatDurationMs(Math.round(windowMs))}`
}
