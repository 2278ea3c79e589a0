// A service without routes: what happens to its calls now, and the command that makes the first split.
'use client'
import { CopyButton } from '@/components/ui/copyButton'
import { CodeBox } from '@/components/ui/diff'
import { Empty } from '@/components/ui/states'
import { applyCommand } from '@/data/lineDiff'
import { yamlOf } from '@/data/resourceYaml'
import type { TrafficGetOutput } from '@/server/schemas/traffic'

export function NoRoutes({ page }: Readonly<{ page: TrafficGetOutput }>) {
  if (page.protocol === 'tcp')
    return (
      <Empty title={`${page.service} takes connections, not requests`}>
        Its protocol is tcp: each connection goes as a whole to a ready instance of any version. Routes match requests,
        so there is nothing here to split. What is carried is on its overview.
      </Empty>
    )
  const backends = page.versions.map((version, i) => ({ name: version.backend, weight: i === 0 ? 100 : 0 }))
  const command = applyCommand(
    yamlOf({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: page.kind,
      metadata: { name: page.service },
      spec: {
        parentRefs: [{ kind: 'Service', name: page.service }],
        rules: [
          { name: 'all', backendRefs: backends.length > 0 ? backends : [{ name: `${page.service}-v1`, weight: 100 }] },
        ],
      },
    }),
  )
  return (
    <Empty title={`${page.service} has no routes`} actions={<CopyButton text={command} label="Copy the command" />}>
      <p className="mb-3">
        Its calls go to every ready instance alike, whatever the version. A route splits them by weight; this one begins
        with everything on {backends[0]?.name ?? `${page.service}-v1`}.
      </p>
      <CodeBox label="Command">
        <code className="block min-w-max whitespace-pre px-3">{command}</code>
      </CodeBox>
    </Empty>
  )
}
