// Copies a text and says so.
'use client'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button'

interface Props {
  /** Or what makes it, once it is wanted. */
  text: string | (() => Promise<string>)
  label?: string
}

export function CopyButton({ text, label = 'Copy' }: Readonly<Props>) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <Button
      look="quiet"
      size="small"
      onClick={() => {
        copy(text).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }}
    >
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </Button>
  )
}

async function copy(text: Props['text']): Promise<void> {
  await navigator.clipboard.writeText(typeof text === 'string' ? text : await text())
}
