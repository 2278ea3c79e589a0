// Who may call what: every procedure of the router, as everybody.
import { can, ROLES } from '@heddle/shared/can'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HeddleError } from '../src/server/errors.ts'
import { appRouter } from '../src/server/router.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

let testConsole: TestConsole
beforeAll(async () => {
  testConsole = await createTestConsole()
})
afterAll(() => testConsole[Symbol.asyncDispose]())

/** What each procedure stands for. A new procedure is added here with thought, or this file fails. */
const EXPECTED = {
  'session.me': 'open',
  'session.list': 'session.own',
  'session.endOthers': 'session.own',
  'setup.state': 'open',
  'setup.complete': 'open',
  'users.list': 'user.read',
  'users.create': 'user.write',
  'users.invitations': 'user.read',
  'users.withdraw': 'user.write',
  'users.reset': 'user.write',
  'users.setRole': 'user.write',
  'users.remove': 'user.write',
  'services.list': 'mesh.read',
  'services.get': 'mesh.read',
  'services.head': 'mesh.read',
  'services.attention': 'mesh.read',
  'map.get': 'mesh.read',
  'search.find': 'mesh.read',
  'route.get': 'mesh.read',
  'charts.heatmap': 'mesh.read',
  'charts.past': 'mesh.read',
  'services.dependents': 'mesh.read',
  'services.save': 'service.write',
  'services.remove': 'service.write',
  'traffic.list': 'mesh.read',
  'traffic.names': 'mesh.read',
  'traffic.explain': 'mesh.read',
  'traffic.splitsLeft': 'mesh.read',
  'traffic.saveRoute': 'route.write',
  'traffic.removeRoute': 'route.write',
  'traffic.get': 'mesh.read',
  'traffic.setWeights': 'route.write',
  'traffic.watch': 'mesh.read',
  'access.rules': 'mesh.read',
  'access.hits': 'mesh.read',
  'access.matrix': 'mesh.read',
  'access.explain': 'mesh.read',
  'access.mostCalled': 'mesh.read',
  'access.preview': 'mesh.read',
  'access.save': 'rule.write',
  'access.remove': 'rule.write',
  'changes.list': 'mesh.read',
  'changes.actors': 'mesh.read',
  'changes.effects': 'mesh.read',
  'changes.get': 'mesh.read',
  'changes.revert': 'change.revert',
  'proxies.list': 'mesh.read',
  'live.watch': 'mesh.read',
  'config.put': 'route.write',
  'config.diff': 'mesh.read',
  'config.get': 'mesh.read',
  'config.delete': 'route.write',
  'stat.services': 'mesh.read',
  'stat.routes': 'mesh.read',
  'stat.edges': 'mesh.read',
  'status.get': 'mesh.read',
  'settings.authority': 'mesh.read',
  'settings.retention': 'mesh.read',
  'joinTokens.create': 'joinToken.write',
  'joinTokens.list': 'joinToken.read',
  'joinTokens.revoke': 'joinToken.write',
  'apiTokens.create': 'apiToken.write',
  'apiTokens.list': 'apiToken.read',
  'apiTokens.revoke': 'apiToken.write',
} as const

/** tRPC keeps procedures in one flat record, whatever its types say. */
function actionOf(procedure: unknown): unknown {
  const definition: unknown = typeof procedure === 'function' ? Reflect.get(procedure, '_def') : undefined
  const meta: unknown = typeof definition === 'object' && definition !== null ? Reflect.get(definition, 'meta') : null
  return typeof meta === 'object' && meta !== null ? Reflect.get(meta, 'action') : undefined
}
const procedures = Object.entries<unknown>(appRouter._def.procedures)

// Every procedure declares its action, and none is there that this list does not know.
test('each procedure declares the action that it stands for', () => {
  const declared = Object.fromEntries(procedures.map(([path, procedure]) => [path, actionOf(procedure)]))
  expect(declared).toEqual(EXPECTED)
})

/** Calls a procedure by its path with an input that is never valid; answers the code of the refusal. */
async function codeOf(path: string, role: (typeof ROLES)[number] | null): Promise<string> {
  let target: unknown = testConsole.as(role)
  for (const key of path.split('.')) {
    if ((typeof target !== 'object' && typeof target !== 'function') || target === null) throw new Error(path)
    target = Reflect.get(target, key)
  }
  if (typeof target !== 'function') throw new Error(path)
  try {
    const result: unknown = await target({ nothing: 'valid' })
    if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result && 'return' in result) {
      if (typeof result.return === 'function') await result.return()
    }
    return 'ok'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return error.cause instanceof HeddleError ? error.cause.code : 'other'
  }
}

// A role that may not do the action is refused before its input is even read; a role that may is not refused.
test.each(Object.entries(EXPECTED))('%s is for those who may do %s', async (path, action) => {
  for (const role of [null, ...ROLES]) {
    const code = await codeOf(path, role)
    const permission = action === 'open' ? { allowed: true } : can(role, action)
    if (permission.allowed)
      expect([role, code]).not.toEqual([role, expect.stringMatching(/^(unauthorized|forbidden)$/)])
    else expect([role, code]).toEqual([role, role === null ? 'unauthorized' : 'forbidden'])
  }
})
