// changes, revert: who changed what, and taking it back.
import { AdviceError, usageError } from '../terminal/advice.ts'
import { formatJson, formatTable } from '../terminal/print.ts'
import type { Context } from './context.ts'

export async function changes(
  { client, terminal }: Context,
  filter: { limit: number; service: string | undefined },
  isJson: boolean,
): Promise<void> {
  const { limit, service } = filter
  const output = await client.call('changes.list', service === undefined ? { limit } : { limit, service })
  if (isJson) return terminal.out(formatJson(output))
  if (output.changes.length === 0) return terminal.out('Nothing has been changed yet.')
  terminal.out(
    formatTable(
      ['REVISION', 'WHEN', 'WHO', 'WHAT'],
      output.changes.map(({ revision, at, actor, summary }) => [
        String(revision),
        new Date(at).toISOString(),
        actor,
        summary,
      ]),
    ),
  )
}

export function readRevision(text: string): number {
  const revision = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (revision > 0) return revision
  throw usageError(`"${text}" is not a revision`, '"heddle changes" lists them.')
}

export async function revert({ client, terminal }: Context, revision: number): Promise<void> {
  const reverted = await client.call('changes.revert', { revision })
  terminal.out(`change ${revision} reverted by change ${reverted.revision}`)
}

export function readLimit(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= 500) return limit
  throw new AdviceError('--limit must be a number from 1 to 500', { exitCode: 64 })
}
