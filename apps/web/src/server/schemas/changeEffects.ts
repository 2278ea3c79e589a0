// Inputs and outputs of `changes.effects`: what became of changes, for the columns of the timeline.
import { z } from 'zod'

/** Changes that are asked about at once: one page of the timeline. */
export const MOST_CHANGES = 50

export const changeEffectsInputSchema = z.object({
  revisions: z.array(z.int().min(1)).max(MOST_CHANGES),
})

const sideSchema = z.object({
  requests: z.number(),
  failures: z.number(),
  requestsPerSecond: z.number(),
  /** Percent; null without traffic. */
  successRate: z.number().nullable(),
})

export const changeEffectSchema = z.object({
  revision: z.number(),
  /** Proxies that hold what it changed; null: the control planes do not remember. */
  spread: z.object({ acknowledged: z.number(), holders: z.number(), lastAckMs: z.number().nullable() }).nullable(),
  /** The services that it is about, all together; null: about none, or so long ago that no minute of it is kept. */
  around: z
    .object({
      /** Length of each side, milliseconds. */
      sideMs: z.number(),
      /**
       * What is known of each side in whole minutes, milliseconds: `after` is shorter while it goes on, `before` in a mesh
       * that was younger.
       */
      beforeMs: z.number(),
      afterMs: z.number(),
      before: sideSchema,
      after: sideSchema,
      /** More of the calls after it failed, beyond chance. */
      isWorse: z.boolean(),
      /** Success in percent, minute by minute from `sideMs` before on; null: no call, or still to come. */
      successRate: z.array(z.number().nullable()),
    })
    .nullable(),
})
export type ChangeEffect = z.infer<typeof changeEffectSchema>

export const changeEffectsOutputSchema = z.object({ effects: z.array(changeEffectSchema) })
