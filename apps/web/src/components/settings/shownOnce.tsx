// A secret that is in this one answer and nowhere else: copied now or made anew later.
'use client'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copyButton'
import { Dialog } from '@/components/ui/dialog'

export interface Secret {
  title: string
  /** What it is for and until when. */
  note: string
  text: string
  copyLabel: string
  /** A command with the secret in it, where there is one. */
  command?: string
}

export function ShownOnce({ secret, onClose }: Readonly<{ secret: Secret | null; onClose: () => void }>) {
  if (secret === null) return null
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={(open) => !open && onClose()}
      title={secret.title}
      footer={
        <Button look="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <p className="mb-3 text-ink-2">{secret.note} It is shown this once: nobody can read it again.</p>
      <Box label={secret.copyLabel} text={secret.text} />
      {secret.command !== undefined && (
        <>
          <p className="mt-4 mb-2 text-ink-2">Or, with everything in it:</p>
          <Box label="Copy the command" text={secret.command} />
        </>
      )}
    </Dialog>
  )
}

function Box({ label, text }: Readonly<{ label: string; text: string }>) {
  return (
    <div className="flex items-start gap-2 rounded-2 border border-line bg-well py-1.5 pr-1.5 pl-3">
      <code className="min-w-0 flex-1 break-all py-1 font-mono text-12">{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  )
}
