// Tokens: what proxies join with, and what commands and machines call the API with. Each text is shown once.
'use client'
import { useState } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { ApiTokens } from './apiTokens'
import { JoinTokens } from './joinTokens'
import { NotYours } from './settingsHead'
import { type Secret, ShownOnce } from './shownOnce'

export function TokensPage() {
  const mayRead = usePermission('joinToken.read')
  const mayWrite = usePermission('joinToken.write')
  const [secret, setSecret] = useState<Secret | null>(null)
  if (mayRead === undefined) return null
  if (!mayRead.allowed)
    return <NotYours title="Join tokens and API tokens" reason={`Tokens are shown to admins. ${mayRead.reason}`} />
  return (
    <>
      <h1 className="sr-only">Tokens</h1>
      <JoinTokens permission={mayWrite} onSecret={setSecret} />
      <ApiTokens permission={mayWrite} onSecret={setSecret} />
      <ShownOnce secret={secret} onClose={() => setSecret(null)} />
    </>
  )
}
