// The little DER (X.690) that identity needs: writing a certificate request, and reading the extensions of a
// certificate that node:crypto does not show exactly. A library for all of PKI would be half of the proxy's memory.

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  /** GeneralName (RFC 5280, 4.2.1.6): dNSName and uniformResourceIdentifier. */
  dnsName: 0x82,
  uri: 0x86,
  /** [0] of CertificationRequestInfo: attributes. */
  context0: 0xa0,
  /** [3] of TBSCertificate: extensions. */
  context3: 0xa3,
} as const

/** One element: tag, length, contents. */
export function encode(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body])
  const bytes: number[] = []
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length, ...bytes), body])
}

export interface Element {
  tag: number
  contents: Buffer
}

/** The elements one after another in `der`. Throws a RangeError where it is not well-formed. */
export function elements(der: Buffer): Element[] {
  const found: Element[] = []
  let at = 0
  while (at < der.length) {
    const tag = der[at] ?? 0
    let length = der[at + 1] ?? Number.NaN
    let start = at + 2
    if (length >= 0x80) {
      const size = length & 0x7f
      if (size === 0 || size > 3) throw new RangeError('a length that is not DER')
      length = der.readUIntBE(start, size)
      start += size
    }
    const end = start + length
    if (!(end <= der.length)) throw new RangeError('an element is cut off')
    found.push({ tag, contents: der.subarray(start, end) })
    at = end
  }
  return found
}

/** The extensions of a certificate, by their OID's DER contents in hex. Throws a RangeError on what is no certificate. */
export function extensionsOf(certificate: Buffer): Map<string, Buffer> {
  const [outer] = elements(certificate)
  const [body] = outer === undefined ? [] : elements(outer.contents)
  const wrapped = (body === undefined ? [] : elements(body.contents)).find(({ tag }) => tag === TAG.context3)
  const [list] = wrapped === undefined ? [] : elements(wrapped.contents)
  const found = new Map<string, Buffer>()
  for (const { contents } of list === undefined ? [] : elements(list.contents)) {
    const parts = elements(contents)
    const oid = parts[0]
    const value = parts.at(-1)
    if (oid?.tag !== TAG.oid || value?.tag !== TAG.octetString) throw new RangeError('an extension is malformed')
    const name = oid.contents.toString('hex')
    // RFC 5280, 4.2: not more than one instance of an extension.
    if (found.has(name)) throw new RangeError('an extension comes twice')
    found.set(name, value.contents)
  }
  return found
}
