// changes.*: the history of configuration, and reverting.
import { getChange, listActors, listChanges, revertChange } from '@heddle/db'
import {
  type Change,
  changesInputSchema,
  changesOutputSchema,
  revertInputSchema,
  revertOutputSchema,
} from '@heddle/shared/api/index'
import { can, type Permission } from '@heddle/shared/can'
import type { ResourceRef } from '@heddle/shared/resources/index'
import { z } from 'zod'
import { authorizeWrites, WRITE_ACTION } from '../config/rights.ts'
import type { Actor } from '../context.ts'
import { heddleError } from '../errors.ts'
import { changeEffectsInputSchema, changeEffectsOutputSchema } from '../schemas/changeEffects.ts'
import { changesGetInputSchema, changesGetOutputSchema } from '../schemas/session.ts'
import { allowed, router } from '../trpc.ts'
import { changeEffects } from './effects.ts'
import { revertPreview } from './preview.ts'

/** What is audited beside configuration is never reverted. */
const REVERTABLE_KINDS: ReadonlySet<Change['kind']> = new Set(['apply', 'delete', 'revert'])

export const changesRouter = router({
  list: allowed('mesh.read')
    .input(changesInputSchema)
    .output(changesOutputSchema)
    .query(async ({ ctx, input }) => ({
      changes: await ctx.console.pulse.read(() => listChanges(ctx.console.db, input)),
    })),
  actors: allowed('mesh.read')
    .output(z.object({ actors: z.array(z.string()) }))
    .query(async ({ ctx }) => ({ actors: await ctx.console.pulse.read(() => listActors(ctx.console.db)) })),
  effects: allowed('mesh.read')
    .input(changeEffectsInputSchema)
    .output(changeEffectsOutputSchema)
    .query(async ({ ctx, input }) => ({ effects: await changeEffects(ctx.console, input.revisions) })),
  get: allowed('mesh.read')
    .input(changesGetInputSchema)
    .output(changesGetOutputSchema)
    .query(async ({ ctx, input }) => {
      const change = await ctx.console.pulse.read(() => getChange(ctx.console.db, input.revision))
      if (change === null) throw heddleError('not_found', `There is no change ${input.revision}.`)
      if (!REVERTABLE_KINDS.has(change.kind)) return { change, revert: null }
      const { resources } = await ctx.console.mesh.current()
      const permitted = mayRevert(
        ctx.actor,
        change.items.map(({ ref }) => ref),
      )
      return { change, revert: { items: revertPreview(change, resources), permitted } }
    }),
  revert: allowed('change.revert')
    .input(revertInputSchema)
    .output(revertOutputSchema)
    .mutation(({ ctx, input }) =>
      revertChange(ctx.console.db, {
        actor: ctx.actor.name,
        revision: input.revision,
        authorize: (refs) => authorizeWrites(ctx.actor, refs),
      }),
    ),
})

/** Reverting, and writing each of the resources. */
function mayRevert({ role }: Actor, refs: readonly ResourceRef[]): Permission {
  const needed = ['change.revert' as const, ...refs.map(({ kind }) => WRITE_ACTION[kind])]
  return needed.map((action) => can(role, action)).find((permission) => !permission.allowed) ?? { allowed: true }
}
