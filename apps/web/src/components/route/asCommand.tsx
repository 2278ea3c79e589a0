// What is shown, as a command for the terminal and as YAML that `heddle apply` takes.
'use client'
import { lazy, Suspense, useState } from 'react'
import { useRange } from '@/components/frame/useRange'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copyButton'
import { CodeBox } from '@/components/ui/diff'
import { statCommand } from '@/data/asCommand'
import type { RouteGetOutput } from '@/server/schemas/route'

const YamlBox = lazy(() => import('./yamlBox').then((module) => ({ default: module.YamlBox })))

export function AsCommand({ data }: Readonly<{ data: RouteGetOutput }>) {
  const { frozen, input } = useRange()
  const [showsYaml, setShowsYaml] = useState(false)
  const windowMs = 'lastMs' in input ? input.lastMs : data.range.to - data.range.from
  const command = statCommand(data, windowMs)
  const { resource } = data
  return (
    <section aria-label="What is shown, as a command">
      <div className="mb-1 flex items-baseline">
        <h2 className="font-semibold text-14">What is shown, as a command</h2>
      </div>
      <CodeBox label="Command">
        <pre className="whitespace-pre-wrap break-words px-2.5 py-1">{command}</pre>
      </CodeBox>
      {frozen !== null && (
        <p className="mt-1 text-12 text-ink-3">The command reads up to now; the link of this page keeps its range.</p>
      )}
      <div className="mt-1.5 flex flex-wrap gap-1">
        <CopyButton text={command.replace(/ \\\n {2}/g, ' ')} label="Copy command" />
        {resource !== null && (
          <Button look="quiet" size="small" aria-expanded={showsYaml} onClick={() => setShowsYaml(!showsYaml)}>
            {showsYaml ? 'Hide YAML' : `YAML of ${resource.kind} ${resource.metadata.name}`}
          </Button>
        )}
      </div>
      {showsYaml && resource !== null && (
        <Suspense>
          <YamlBox resource={resource} />
        </Suspense>
      )}
    </section>
  )
}
