// A change of one resource three ways: the difference, the whole as YAML, and the command that does the same.
'use client'
import { useState } from 'react'
import { applyCommand } from '@/data/lineDiff'
import { yamlOf } from '@/data/resourceYaml'
import { CopyButton } from './copyButton'
import { CodeBox, Diff } from './diff'
import { Segmented } from './segmented'

const VIEWS = [
  { value: 'diff', label: 'Diff' },
  { value: 'yaml', label: 'YAML' },
  { value: 'command', label: 'Command' },
] as const
type View = (typeof VIEWS)[number]['value']

interface Two {
  /** Resources; null: there is none. */
  before: unknown
  after: unknown
}

/** The difference alone. */
export function TwoAsYaml({ before, after }: Readonly<Two>) {
  return <Diff before={yamlOf(before)} after={yamlOf(after)} />
}

export function ThreeWays({ before, after, what }: Readonly<Two & { what: string }>) {
  const [view, setView] = useState<View>('diff')
  const yaml = yamlOf(after)
  const command = applyCommand(yaml)
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <Segmented label="Shown as" value={view} segments={VIEWS} onChange={setView} />
        <span className="min-w-0 flex-1 truncate text-ink-2">{what}</span>
        <CopyButton text={view === 'command' ? command : yaml} />
      </div>
      {view === 'diff' ? (
        <Diff before={yamlOf(before)} after={yaml} />
      ) : (
        <CodeBox label={view === 'yaml' ? 'YAML' : 'Command'}>
          <code className="block min-w-max whitespace-pre px-3">{view === 'yaml' ? yaml : command}</code>
        </CodeBox>
      )}
    </div>
  )
}
