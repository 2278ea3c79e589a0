// settings.*: the certificate authority and what is kept. Mesh defaults are a resource: see config.*.
import { X509Certificate } from 'node:crypto'
import { databaseSize, listIssued, metricsSizes, publicCertificates } from '@heddle/db'
import { authorityOutputSchema, retentionOutputSchema } from '../schemas/settings.ts'
import { presentInstances } from '../services/facts.ts'
import { allowed, router } from '../trpc.ts'
import { authorityOf, trustDomainOf } from './authority.ts'
import { retentionOf } from './retention.ts'

export const settingsRouter = router({
  authority: allowed('mesh.read')
    .output(authorityOutputSchema)
    .query(async ({ ctx: { console } }) => {
      const [mesh, certificates, issued] = await Promise.all([
        console.mesh.current(),
        console.pulse.read(() => publicCertificates(console.db)),
        console.pulse.read(() => listIssued(console.db)),
      ])
      const root = certificates.find(({ kind }) => kind === 'root')
      return authorityOf({
        certificates,
        issued,
        present: new Set(presentInstances(mesh.instances, console.control.now()).map(({ instance }) => instance)),
        trustDomain: root === undefined ? null : trustDomainOf(new X509Certificate(root.pem).subjectAltName),
        leafTtlMs: mesh.policy.leafCertificateTtlMs,
      })
    }),
  retention: allowed('mesh.read')
    .output(retentionOutputSchema)
    .query(async ({ ctx: { console } }) => {
      const [tables, bytes] = await console.pulse.read(() =>
        Promise.all([metricsSizes(console.db), databaseSize(console.db)]),
      )
      return retentionOf(tables, bytes)
    }),
})
