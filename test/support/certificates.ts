/** An authority of a test's own, and a certificate for this machine by its name or its number. */
import forge from 'node-forge'

export type Certificate = { key: string; cert: string; ca: string }

const BITS = 2_048
const DAY_MS = 24 * 60 * 60 * 1_000

function issue(
  subject: string,
  issuer: { name: string; key: forge.pki.rsa.PrivateKey } | null,
  extensions: object[],
): { cert: forge.pki.Certificate; key: forge.pki.rsa.PrivateKey } {
  const { publicKey, privateKey } = forge.pki.rsa.generateKeyPair(BITS)
  const cert = forge.pki.createCertificate()
  cert.publicKey = publicKey
  cert.serialNumber = issuer ? '02' : '01'
  cert.validity.notBefore = new Date(Date.now() - DAY_MS)
  cert.validity.notAfter = new Date(Date.now() + DAY_MS)
  cert.setSubject([{ name: 'commonName', value: subject }])
  cert.setIssuer([{ name: 'commonName', value: issuer?.name ?? subject }])
  cert.setExtensions(extensions)
  cert.sign(issuer?.key ?? privateKey, forge.md.sha256.create())
  return { cert, key: privateKey }
}

const DNS = 2
const ADDRESS = 7

/** `name` is a host name; every certificate is of 127.0.0.1 only where the name is. */
export function makeCertificate(name: string): Certificate {
  const authority = issue('Authority of a test', null, [{ name: 'basicConstraints', cA: true }])
  const altName = name === '127.0.0.1' ? { type: ADDRESS, ip: name } : { type: DNS, value: name }
  const signer = { name: 'Authority of a test', key: authority.key }
  const own = issue(name, signer, [{ name: 'subjectAltName', altNames: [altName] }])
  return {
    key: forge.pki.privateKeyToPem(own.key),
    cert: forge.pki.certificateToPem(own.cert),
    ca: forge.pki.certificateToPem(authority.cert),
  }
}
