// Inputs and outputs of `access.rules` and `access.hits`, `access.save` and `access.remove`.

import { resourceNameSchema, serviceNameSchema } from '@heddle/shared/names'
import { accessRuleSchema } from '@heddle/shared/resources/accessRule'
import { z } from 'zod'
import { changeMarkSchema, dataStateSchema, rangeSchema, readRangeSchema } from './numbers.ts'

export const accessRulesInputSchema = z.object({ service: serviceNameSchema.optional() })

/** A rule as it stands: no call moves any of it. */
export const standingRuleSchema = z.object({
  /** As `apply` takes it, with metadata.resourceVersion. */
  rule: accessRuleSchema,
  resourceVersion: z.string(),
  /** The rule as a sentence: "Allow checkout to call POST under /charge on payments". */
  sentence: z.string(),
  mode: z.enum(['enforce', 'audit']),
  /** Its target is an HTTPRoute that does nothing while the service has a GRPCRoute: the rule holds for no call. */
  isPutAside: z.boolean(),
  lastChange: changeMarkSchema.nullable(),
})
export type StandingRule = z.infer<typeof standingRuleSchema>

export const accessRulesOutputSchema = z.object({
  defaultAccess: z.enum(['allow', 'deny']),
  /** Every service by name: what a rule can be about. */
  services: z.array(z.string()),
  /** Those of TCP, whose rules judge connections: no method, path or route is seen there. */
  opaque: z.array(z.string()),
  rows: z.array(standingRuleSchema),
})

export const accessHitsInputSchema = z.object({ range: rangeSchema, service: serviceNameSchema.optional() })

/** Sent with each tick for hundreds of rules: what is nothing is left out. */
export const ruleHitsSchema = z.object({
  /** In the last 24 hours, and of this rule alone: one that was deleted keeps its own; audit verdicts count what the rule would have changed. */
  hits: z
    .object({ allowed: z.number(), denied: z.number(), auditWouldAllow: z.number(), auditWouldDeny: z.number() })
    .partial(),
  /** Callers that were denied, or would have been: the 20 with the most such hits. */
  callers: z.array(z.object({ source: z.string(), hits: z.number(), denied: z.number() })).optional(),
  /** End of the last minute (of the hour, where it is weeks ago) with a hit, at most 31 days back. */
  lastHitAt: z.number().optional(),
  /** Where nothing ever hit it: since when it can tell (its making, or 31 days ago). */
  unusedSince: z.number().optional(),
})
export type RuleHits = z.infer<typeof ruleHitsSchema>

export const accessHitsOutputSchema = z.object({
  range: readRangeSchema,
  data: dataStateSchema,
  /** Calls that were refused in the range, as the callers' side counts them: what the Services pages show. */
  denied: z.object({ calls: z.number(), callers: z.number() }),
  /** By the rule's name. */
  rules: z.record(z.string(), ruleHitsSchema),
})

/** Makes a rule (no resourceVersion) or edits one (with the resourceVersion that the edit was made from). */
export const accessSaveInputSchema = z.object({
  rule: accessRuleSchema,
  resourceVersion: z.string().regex(/^\d+$/).nullable(),
})
export const accessSaveOutputSchema = z.object({
  revision: z.number().nullable(),
  resourceVersion: z.string(),
  warnings: z.array(z.string()),
})

export const accessRemoveInputSchema = z.object({
  name: resourceNameSchema,
  resourceVersion: z.string().regex(/^\d+$/),
})
export const accessRemoveOutputSchema = z.object({ revision: z.number() })
