// A resource as `heddle apply` takes it; without its version, so that applying it later does not fail for being old.
'use client'
import { CopyButton } from '@/components/ui/copyButton'
import { CodeBox } from '@/components/ui/diff'
import { yamlOf } from '@/data/resourceYaml'

export function YamlBox({ resource }: Readonly<{ resource: unknown }>) {
  const yaml = `${yamlOf(resource)}\n`
  return (
    <div className="mt-1.5">
      <CodeBox label="YAML">
        <pre className="px-2.5">{yaml}</pre>
      </CodeBox>
      <CopyButton text={yaml} label="Copy YAML" />
    </div>
  )
}
