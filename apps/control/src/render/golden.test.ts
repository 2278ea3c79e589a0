// Golden files of the renderings. `UPDATE_GOLDEN=1 npx vitest run apps/control/src/render` writes them anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { resourceSchema } from '@heddle/shared/resources/index'
import { documentSchema } from '@heddle/shared/wire/config'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseDocumentName } from './affected.ts'
import { MeshIndex } from './meshIndex.ts'
import { renderDocument } from './render.ts'

const golden = (file: string) => new URL(`./golden/${file}`, import.meta.url)

function shop(): MeshIndex {
  const index = new MeshIndex('heddle.local')
  index.setRoots(['-----BEGIN CERTIFICATE-----\nroot one\n-----END CERTIFICATE-----\n', 'root two'])
  const documents = ['shop.yaml', 'grpc.yaml'].flatMap((file) => readFileSync(golden(file), 'utf8').split(/^---$/m))
  for (const [i, text] of documents.entries())
    index.setResource({ resource: resourceSchema.parse(parse(text)), createdAt: 1_700_000_000_000 - i })
  const instance = (id: string, service: string, version: string, address: string | null, hostId: string) =>
    index.setInstance({
      instance: id,
      service,
      version,
      inbound: address === null ? null : { address, port: 20_001 },
      hostId,
      isServing: address !== null,
    })
  instance('catalog-v1-0-abcd', 'catalog', 'v1', '10.0.0.1', 'host-a')
  instance('catalog-v2-0-abcd', 'catalog', 'v2', '127.0.0.1', 'host-a')
  instance('catalog-v2-1-abcd', 'catalog', 'v2', '::1', 'host-b')
  instance('cart-v1-0-abcd', 'cart', 'v1', 'cart.internal', 'host-b')
  instance('web-v1-0-abcd', 'web', 'v1', null, 'host-a')
  return index
}

const cases: [file: string, document: string, hostId: string | null][] = [
  ['mesh', 'mesh', null],
  ['inbound-catalog', 'inbound/catalog', null],
  ['inbound-unknown', 'inbound/unknown', null],
  ['destination-catalog', 'destination/catalog', null],
  ['destination-catalog-v2', 'destination/catalog-v2', null],
  ['destination-cart', 'destination/cart', null],
  ['destination-ledger', 'destination/ledger', null],
  ['destination-denied', 'destination/no-such-thing', null],
  ['endpoints-catalog', 'endpoints/catalog', null],
  ['endpoints-catalog-host-a', 'endpoints/catalog', 'host-a'],
  ['endpoints-catalog-host-b', 'endpoints/catalog', 'host-b'],
]

// A rendering is what its golden file says, and always a document that proxies accept.
test.each(cases)('%s', (file, document, hostId) => {
  const name = parseDocumentName(document)
  if (name === undefined) throw new Error(`not a document: ${document}`)
  const rendered = renderDocument(shop(), name, hostId)
  expect(documentSchema.parse(rendered)).toEqual(rendered)
  const text = `${JSON.stringify(rendered, null, 2)}\n`
  const path = golden(`${file}.golden.json`)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
})
