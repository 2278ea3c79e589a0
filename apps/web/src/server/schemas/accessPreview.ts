// Inputs and outputs of `access.preview` (what a change of the rules would have done to the recorded calls),
// `access.explain` and `access.mostCalled` (the tester) and `access.matrix` (who called whom).
import { resourceNameSchema, serviceNameSchema } from '@heddle/shared/names'
import { accessRuleSchema } from '@heddle/shared/resources/accessRule'
import { z } from 'zod'
import { changeMarkSchema, dataStateSchema, rangeSchema, readRangeSchema } from './numbers.ts'

export const accessPreviewInputSchema = z.union([
  /** Made or edited: the stored rule of that name is replaced. */
  z.object({ rule: accessRuleSchema }),
  z.object({ remove: resourceNameSchema }),
])

/** Recorded calls that are alike: caller, method, path with ids as `*`, route; `*` or `other` for what was folded. */
export const recordedCallSchema = z.object({
  service: z.string(),
  source: z.string(),
  method: z.string(),
  path: z.string(),
  route: z.string(),
  calls: z.number(),
  /** Of each hour of the window. */
  hours: z.array(z.number()),
  /** Start of the last hour with a call, milliseconds since the epoch. */
  lastHour: z.number(),
})
export type RecordedCall = z.infer<typeof recordedCallSchema>

const affectedSchema = z.object({
  calls: z.number(),
  callers: z.number(),
  /** The most called; `moreRows` are counted above and not listed. */
  rows: z.array(recordedCallSchema),
  moreRows: z.number(),
})
export type Affected = z.infer<typeof affectedSchema>

const replaySchema = z.object({
  /** Whole hours; `to` is the end of the present one. */
  from: z.number(),
  to: z.number(),
  /** How much of that was recorded, up to now, where the mesh is younger (milliseconds); null: all of it. */
  recordedMs: z.number().nullable(),
  /** `asked`: what it would do if it were enforced, since it audits; `saved`: what saving it does; `removed`. */
  meaning: z.enum(['asked', 'saved', 'removed']),
  denied: affectedSchema,
  admitted: affectedSchema,
  /** A `*` may hide an id that a rule names, or the path was folded. */
  unknown: affectedSchema,
  /** Calls that the change leaves as they are. */
  unchanged: z.number(),
})
export type Replay = z.infer<typeof replaySchema>

export const accessPreviewOutputSchema = z.object({
  /** Why the rule would be refused, with the field. */
  mistakes: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })),
  warnings: z.array(z.string()),
  /** null: the rule is refused as it is. */
  replay: replaySchema.nullable(),
})
export type AccessPreview = z.infer<typeof accessPreviewOutputSchema>

export const accessExplainInputSchema = z.object({
  /** A service, or `public` for a caller from outside the mesh. */
  caller: z.string().min(1).max(253),
  method: z.string().regex(/^[A-Z][A-Z-]{0,31}$/, 'must be an HTTP method in capitals, such as GET'),
  /** As a client would send it, a query included. */
  path: z.string().min(1).max(2_048),
  service: serviceNameSchema,
  range: rangeSchema,
})

export const accessExplainOutputSchema = z.union([
  /** The proxy answers 400 before it asks any rule. */
  z.object({ malformed: z.string() }),
  z.object({
    malformed: z.null(),
    allowed: z.boolean(),
    because: z.enum(['denied_by_rule', 'allowed_by_rule', 'closed', 'default']),
    summary: z.string(),
    /** Null: the mesh's default decides. */
    rule: z.string().nullable(),
    defaultAccess: z.enum(['allow', 'deny']),
    rules: z.array(
      z.object({
        rule: z.string(),
        action: z.enum(['Allow', 'Deny']),
        mode: z.enum(['enforce', 'audit']),
        effect: z.enum(['decides', 'agrees', 'audit', 'closes', 'none']),
        why: z.string(),
        lastChange: changeMarkSchema.nullable(),
      }),
    ),
    /** As it is routed and forwarded, and as the most careless server could read it. */
    path: z.string(),
    worstPath: z.string(),
    /** On the server's side, without headers. */
    route: z.string(),
    worstRoute: z.string(),
    /** There is no service or caller of that name: a plain sentence. */
    warnings: z.array(z.string()),
    /** Recorded calls of that caller, method and path (ids as `*`), in the whole hours of the range. */
    seen: z.object({ pattern: z.string(), calls: z.number(), from: z.number() }),
  }),
])
export type AccessExplained = Extract<z.infer<typeof accessExplainOutputSchema>, { malformed: null }>

export const accessMostCalledInputSchema = accessExplainInputSchema.pick({ caller: true, service: true, range: true })
/** Ids are `1`. null: no call is recorded. */
export const accessMostCalledOutputSchema = z
  .object({ method: z.string(), path: z.string(), calls: z.number() })
  .nullable()

export const accessMatrixInputSchema = z.object({
  range: rangeSchema,
  /** Only what this service calls and is called by. */
  service: serviceNameSchema.optional(),
  /** Only callers and services of this owner. */
  owner: z.string().max(253).optional(),
})

const verdictSchema = z.enum(['allow', 'default', 'audit', 'deny'])
export const matrixCellSchema = z.object({
  source: z.string(),
  destination: z.string(),
  calls: z.number(),
  /** The worst that the rules said of any of these calls. */
  verdict: verdictSchema,
  denied: z.number(),
  wouldBeDenied: z.number(),
  allowedByRule: z.number(),
  /** Rules that decided or would have. */
  rules: z.array(z.string()),
})
export type MatrixCell = z.infer<typeof matrixCellSchema>

export const accessMatrixOutputSchema = z.object({
  range: readRangeSchema,
  data: dataStateSchema,
  /** Most active first; `public` are callers from outside. */
  sources: z.array(z.string()),
  destinations: z.array(z.string()),
  cells: z.array(matrixCellSchema),
  /** Cells of the whole mesh (or of what was asked for) by verdict, those that are not listed too. */
  counts: z.object({ allow: z.number(), default: z.number(), audit: z.number(), deny: z.number() }),
  /** Callers and services with traffic that are left out, being less active. */
  left: z.number(),
  owners: z.array(z.string()),
})
export type AccessMatrix = z.infer<typeof accessMatrixOutputSchema>
