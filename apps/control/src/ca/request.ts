// Reads a certificate request (PKCS#10). Only its public key is used; names, extensions and attributes that a
// client asks for are not even looked at. Its own signature proves that the client has the private key.
import { createPublicKey, type KeyObject } from 'node:crypto'
import * as x509 from './x509.ts'

export type CertificateRequest = { spki: Buffer } | { refused: string }

/** The public key of a PEM request, or why it cannot be certified, in words for the client. */
export async function readCertificateRequest(pem: string): Promise<CertificateRequest> {
  try {
    const request = new x509.Pkcs10CertificateRequest(pem)
    const spki = Buffer.from(request.publicKey.rawData)
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    if (!isP256(key)) return { refused: 'The key of the certificate request must be an elliptic-curve key on P-256.' }
    if (!(await request.verify())) return { refused: 'The certificate request is not signed by its own key.' }
    return { spki }
  } catch {
    return { refused: 'The certificate request is not a PKCS#10 request in PEM form.' }
  }
}

const isP256 = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
