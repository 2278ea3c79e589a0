// One root, one issuer and two leaves for all arms that bring no certificate authority: ECDSA P-256, SPIFFE ids and
// names as Heddle's own, so that everyone verifies the same chain.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority, type Leaf } from '@heddle/testkit/certificates'
import { CALLER, HOST } from './arms/arm.ts'

/** PEM texts of one side, and of the roots that it trusts. */
export interface Credentials {
  key: string
  chain: string
  roots: string
}

/** Paths of PEM files. */
export interface CredentialFiles {
  key: string
  chain: string
  /** Chain and key in one, as HAProxy wants them. */
  both: string
}

export interface Certificates {
  /** Of the client side and of the server side. */
  client: CredentialFiles
  server: CredentialFiles
  root: string
  callerId: string
  serverId: string
  caller: Credentials
}

export async function makeCertificates(directory: string): Promise<Certificates> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const authority = await createAuthority('bench.heddle')
  const write = (name: string, text: string): string => {
    const path = join(directory, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  const files = (name: string, { key, chain }: Leaf): CredentialFiles => ({
    key: write(`${name}-key.pem`, key),
    chain: write(`${name}-chain.pem`, chain),
    both: write(`${name}.pem`, `${chain}\n${key}`),
  })
  const [caller, server] = await Promise.all([authority.service(CALLER), authority.service(HOST)])
  return {
    client: files('client', caller),
    server: files('server', server),
    root: write('root.pem', authority.root),
    callerId: `spiffe://${authority.trustDomain}/service/${CALLER}`,
    serverId: `spiffe://${authority.trustDomain}/service/${HOST}`,
    caller: { key: caller.key, chain: caller.chain, roots: authority.root },
  }
}
