import { meshSettingsSchema } from '@heddle/shared/resources/meshSettings'
import { expect, test } from 'vitest'
import { meshDraftOf, meshSettingsOf } from './meshDraft.ts'

const stored = meshSettingsSchema.parse({
  apiVersion: 'heddle.dev/v1',
  kind: 'MeshSettings',
  metadata: { name: 'mesh', resourceVersion: '7', labels: { owner: 'platform' } },
  spec: {
    defaultAccess: 'deny',
    egress: { hosts: ['api.example.org', '*.example.net', '10.0.0.7:8080'] },
    leafCertificateTtl: '12h',
    accessLog: { sample: 0.07 },
    objective: { successRate: 99.9, latencyP99: '300ms' },
  },
})

// What was applied as YAML opens in the form with nothing lost.
test('settings survive the form', () => {
  expect(meshSettingsOf(meshDraftOf(stored), stored)).toEqual({ settings: stored, mistakes: null })
})

// A mesh without settings stays without them until somebody writes something else than the defaults.
test('defaults that nobody wrote stay unwritten', () => {
  const { settings } = meshSettingsOf(meshDraftOf(undefined), undefined)
  expect(settings?.spec).toEqual({})
  const denied = meshSettingsOf({ ...meshDraftOf(undefined), defaultAccess: 'deny' }, undefined)
  expect(denied.settings?.spec).toEqual({ defaultAccess: 'deny' })
})

// Every mistake is said beside its field, and nothing is made of a form that has one.
test('mistakes are found before anything is sent', () => {
  const result = meshSettingsOf(
    { ...meshDraftOf(stored), hosts: 'API.example.org', leafCertificateTtl: '1s', sample: '101', latencyP99: 'soon' },
    stored,
  )
  expect(result.settings).toBeNull()
  expect(Object.keys(result.mistakes ?? {}).sort()).toEqual(['hosts', 'latencyP99', 'leafCertificateTtl', 'sample'])
  expect(result.mistakes?.hosts).toContain('must be a host')
  expect(meshSettingsOf({ ...meshDraftOf(stored), hosts: ' ' }, stored).mistakes?.hosts).toContain('at least one')
})
