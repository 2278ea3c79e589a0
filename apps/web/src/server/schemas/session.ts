// Inputs and outputs of `session.*`, `setup.*`, `users.*`, `changes.get` and `live.watch`.
import { changeSchema, resourceRefSchema } from '@heddle/shared/api/index'
import { ACTIONS, type Action, ROLES } from '@heddle/shared/can'
import { spreadSchema } from '@heddle/shared/wire/console'
import { z } from 'zod'
import { USER_NAME, USER_NAME_LEAST, USER_NAME_MOST, USER_NAME_RULE } from '../../lib/userName.ts'

const permissionSchema = z.discriminatedUnion('allowed', [
  z.object({ allowed: z.literal(true) }),
  z.object({ allowed: z.literal(false), reason: z.string() }),
])
const actionSchema = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]])

export const sessionMeOutputSchema = z.object({
  /** null: not signed in. */
  user: z.object({ name: z.string(), role: z.enum(ROLES) }).nullable(),
  /** For every action, with the reason where it is not allowed. */
  permissions: z.record(actionSchema, permissionSchema),
})

/** One's own sessions, newest first; times are milliseconds since the epoch. */
export const sessionListOutputSchema = z.object({
  sessions: z.array(
    z.object({
      id: z.string(),
      createdAt: z.number(),
      expiresAt: z.number(),
      userAgent: z.string().nullable(),
      isThis: z.boolean(),
    }),
  ),
})

export const setupTokenSchema = z.string().min(16).max(256)
export const setupStateInputSchema = z.object({ token: setupTokenSchema.optional() })
export const setupStateOutputSchema = z.discriminatedUnion('state', [
  /** The link makes the first admin: ask for a name and a password. */
  z.object({ state: z.literal('first_admin') }),
  /** The link sets the password of an account that exists. */
  z.object({ state: z.literal('password'), name: z.string() }),
  /** No admin yet and no (valid) link: say where the link is printed. */
  z.object({ state: z.literal('needs_link'), reason: z.string() }),
  /** Set up already, and the link is used, expired or missing: sign in. */
  z.object({ state: z.literal('done'), reason: z.string().nullable() }),
])
/** What may be a user's name: an e-mail address or a plain name. Lower case, since names are compared so. */
export const userNameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .min(USER_NAME_LEAST, `a name has at least ${USER_NAME_LEAST} characters`)
  .max(USER_NAME_MOST, `a name has at most ${USER_NAME_MOST} characters`)
  .regex(USER_NAME, `a name is ${USER_NAME_RULE}`)
export const passwordSchema = z
  .string()
  .min(10, 'a password has at least 10 characters')
  .max(128, 'a password has at most 128 characters')
export const setupCompleteInputSchema = z.object({
  token: setupTokenSchema,
  /** For the first admin; ignored by a password link. */
  name: userNameSchema.optional(),
  password: passwordSchema,
})
/** Sign in with these afterwards. */
export const setupCompleteOutputSchema = z.object({ name: z.string() })

export const userCreateInputSchema = z.object({ name: userNameSchema, role: z.enum(ROLES) })
export const userResetInputSchema = z.object({ name: userNameSchema })
export const userRoleInputSchema = z.object({ name: userNameSchema, role: z.enum(ROLES) })
export const userRemoveInputSchema = z.object({ name: userNameSchema })
/** A one-time link by which the person sets a password; shown once. */
export const userLinkOutputSchema = z.object({ name: z.string(), link: z.string(), expiresAt: z.string() })

export const invitationListOutputSchema = z.object({
  invitations: z.array(
    z.object({ name: z.string(), role: z.enum(ROLES), createdBy: z.string(), expiresAt: z.string() }),
  ),
})

export const changesGetInputSchema = z.object({ revision: z.int().min(1) })
export const changesGetOutputSchema = z.object({
  change: changeSchema,
  /** What reverting it would do now, item by item; null where it can never be reverted (tokens, users, CA). */
  revert: z
    .object({
      items: z.array(
        z.object({
          ref: resourceRefSchema,
          /** What is stored now; null: nothing. */
          current: z.unknown().nullable(),
          /** What would be stored; null: it would be deleted. */
          restored: z.unknown().nullable(),
          /** Why this item cannot be restored: it was changed since. */
          conflict: z.string().nullable(),
        }),
      ),
      permitted: permissionSchema,
    })
    .nullable(),
})

/** connected: every control plane streams; reconnecting: some or all are away for a moment; away: longer than 15 s. */
export const controlLinkSchema = z.enum(['connected', 'reconnecting', 'away'])
export const tickSchema = z.object({
  /** As this was sent, by the clock that dates `dataAt`: ages are counted from it, since the browser's may differ. */
  now: z.number(),
  /** Config revision that the console has seen committed; null: not known yet. */
  revision: z.number().nullable(),
  /** Up to when the live data tells of everything, traffic or none; null: nothing was told yet. */
  dataAt: z.number().nullable(),
  /** End of the newest bucket that pages show: what they read is another answer once it has moved. */
  shownTo: z.number(),
  control: controlLinkSchema,
  /** False: it is away, so that only the last minutes can be shown and nothing can be changed. */
  databaseAnswers: z.boolean(),
  /** A plain sentence where `control` is not connected. */
  reason: z.string().nullable(),
  /** Some control planes are missing. */
  partial: z.boolean(),
  /** The newest revisions first. */
  spreads: z.array(spreadSchema.omit({ ackMs: true })),
  /** Proxies that are not as they should be (not connected, not ready, refused a config). */
  proxiesWanting: z.number(),
  /** Moves with what is told of proxies; by itself it makes no tick. */
  proxiesGeneration: z.number(),
})
export type Tick = z.infer<typeof tickSchema>
