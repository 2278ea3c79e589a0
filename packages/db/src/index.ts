// Heddle's database: one file per aggregate; the only importer of Prisma. Tests find more under `testing.ts`. The
// embedded server is apart (embedded/startEmbeddedPostgres.ts): the console's bundle must not try to hold its binaries.
export * from './authority/authority.ts'
export * from './authority/issued.ts'
export { audit } from './changes/audit.ts'
export { printedForm } from './changes/canonicalForm.ts'
export * from './changes/changes.ts'
export * from './changes/ensureService.ts'
export {
  type ChangedServices,
  type ChangeQuery,
  changedServices,
  getChange,
  listActors,
  listChanges,
  type RouteChange,
  routeChanges,
} from './changes/history.ts'
export { listMarks, type Mark, type MarkQuery } from './changes/marks.ts'
export { type ChangePlan, type PlanInput, type PlannedItem, planChange } from './changes/plan.ts'
export * from './configuration/mesh.ts'
export * from './configuration/meshSince.ts'
export * from './configuration/newEpoch.ts'
export { type Notice, readNotice } from './configuration/notice.ts'
export type { StoredResource } from './configuration/storedResource.ts'
export * from './connection/database.ts'
export { isAboutTheData, isConnectionFailure } from './connection/failure.ts'
export * from './connection/listen.ts'
export * from './consoleRole.ts'
export * from './errors.ts'
export * from './metrics/beginning.ts'
export * from './metrics/commit.ts'
export { OTHER_PATTERN_PATH } from './metrics/insert.ts'
export * from './metrics/lastCalls.ts'
export * from './metrics/lastHits.ts'
export * from './metrics/partitions.ts'
export * from './metrics/read.ts'
export * from './metrics/readAround.ts'
export * from './metrics/readPatterns.ts'
export * from './metrics/sizes.ts'
export { RESOLUTIONS_MS, type ResolutionMs } from './metrics/tables.ts'
export * from './migrations/migrate.ts'
export * from './migrations/schemaState.ts'
export * from './registry/controlPlanes.ts'
export * from './registry/expiry.ts'
export {
  GRACE_MS,
  type Instance,
  LAPSE_AFTER_MS,
  LEASE_MS,
  REMOVE_AFTER_MS,
  REMOVE_ENDED_CLIENT_AFTER_MS,
  type Registration,
} from './registry/instance.ts'
export * from './registry/registry.ts'
export * from './registry/revocations.ts'
export * from './registry/usedDestinations.ts'
export * from './tokens/apiTokens.ts'
export * from './tokens/consoleSecret.ts'
export * from './tokens/joinTokens.ts'
export * from './tokens/setupTokens.ts'
export * from './users/sessions.ts'
export * from './users/users.ts'
