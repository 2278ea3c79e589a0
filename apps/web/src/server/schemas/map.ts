// Input and output of `map.get`. The answer is bounded however large the mesh is: beyond 100 services they are folded
// into their owners, and edges into edges between owners.
import { serviceNameSchema } from '@heddle/shared/names'
import { z } from 'zod'
import {
  bytesPerSecondSchema,
  dataStateSchema,
  rangeSchema,
  readRangeSchema,
  rowGoldenSchema,
  rowHealthSchema,
} from './numbers.ts'

/** An owner is a label's value; the empty one stands for services that name none. */
export const ownerKeySchema = z.string().max(63)

export const mapGetInputSchema = z.object({
  range: rangeSchema,
  /** In a mesh that is shown by owner: this service with those that call it or that it calls, nothing else. */
  focus: serviceNameSchema.optional(),
  /** Owners that are shown service by service. */
  expanded: z.array(ownerKeySchema).max(20).optional(),
})

export const mapNodeSchema = z.object({
  /** Of a service its name; `owner:…` of a group. */
  id: z.string(),
  kind: z.enum(['service', 'group', 'public', 'egress']),
  owner: z.string().nullable(),
  /** Services that it stands for; 1 for a service. */
  services: z.number(),
  /** How many of these are failing or degraded. */
  attention: z.number(),
  health: rowHealthSchema,
  /** The calls to it, as their callers saw them. */
  golden: rowGoldenSchema,
  /** Of a service of TCP: what its connections carried; null: its calls are requests. */
  bytesPerSecond: bytesPerSecondSchema.nullable(),
})
export type MapNode = z.infer<typeof mapNodeSchema>

export const mapEdgeSchema = z.object({
  source: z.string(),
  target: z.string(),
  /** Edges between two services that it stands for. */
  edges: z.number(),
  /** False where one end is outside the mesh. */
  isMutualTls: z.boolean(),
  health: rowHealthSchema,
  golden: rowGoldenSchema,
  /** To a service of TCP: what the connections carried; null: calls are requests. */
  bytesPerSecond: bytesPerSecondSchema.nullable(),
})
export type MapEdge = z.infer<typeof mapEdgeSchema>

export const mapGetOutputSchema = z.object({
  range: readRangeSchema,
  data: dataStateSchema,
  /** Services are folded into their owners, as far as these are not expanded. */
  isGrouped: z.boolean(),
  nodes: z.array(mapNodeSchema),
  edges: z.array(mapEdgeSchema),
  /**
   * Of the whole mesh: its services; those with a call to or from them in the range, which have a card (or stand in one),
   * and how many of these are in trouble; edges between two services in the range, and how many of them are in trouble.
   */
  all: z.object({
    services: z.number(),
    carded: z.object({ services: z.number(), troubled: z.number() }),
    edges: z.number(),
    troubled: z.number(),
  }),
  /** Services without a call to or from them in the range, at most 20 of them by name. */
  quiet: z.object({ count: z.number(), names: z.array(z.string()) }),
  /** Quieter edges that were left out. */
  edgesLeftOut: z.number(),
})
export type MapGetOutput = z.infer<typeof mapGetOutputSchema>
