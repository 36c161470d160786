import forge from 'node-forge'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The pair that Safaricom would hold; merchants are given the certificate. */
export type OperatorKeys = {
  certificateFile: string
  certificatePem: string
  privateKeyPem: string
}

const KEY_BITS = 2048
const OWNER_ONLY = 0o600

/** Made once for each home, and the same at every later start: credentials that were made stay good. */
export const loadOperatorKeys = (home: string): OperatorKeys => {
  const keyFile = join(home, 'operator-key.pem')
  const certificateFile = join(home, 'SimulatorCertificate.cer')
  if (!existsSync(keyFile) || !existsSync(certificateFile)) {
    mkdirSync(home, { recursive: true })
    const { privateKeyPem, certificatePem } = createPair()
    writeFileSync(keyFile, privateKeyPem, { mode: OWNER_ONLY })
    writeFileSync(certificateFile, certificatePem)
  }
  return {
    certificateFile,
    certificatePem: readFileSync(certificateFile, 'utf8'),
    privateKeyPem: readFileSync(keyFile, 'utf8'),
  }
}

/** Node makes keys in native code, quickly, but no certificates. */
const createPair = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS })
  const privateKeyPem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  return { privateKeyPem, certificatePem: certify(privateKeyPem) }
}

/** Long expired, as the sandbox's own has been since 2016: only its key counts. */
const certify = (privateKeyPem: string): string => {
  const key = forge.pki.privateKeyFromPem(privateKeyPem)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date('2015-01-01T00:00:00Z')
  certificate.validity.notAfter = new Date('2016-01-01T00:00:00Z')
  const name = [{ name: 'commonName', value: 'simulator.gari.example' }]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.sign(key, forge.md.sha256.create())
  return forge.pki.certificateToPem(certificate)
}
