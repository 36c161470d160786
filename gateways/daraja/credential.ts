import { constants, publicEncrypt } from 'node:crypto'

/**
 * The SecurityCredential of refunds: the initiator's password under the key of Safaricom's certificate (PEM; one for
 * the sandbox, another for production), RSA PKCS#1 v1.5, in base64. Only the key counts; the sandbox's certificate
 * expired years ago and still serves.
 */
export const createSecurityCredential = (password: string, certificatePem: string): string =>
  publicEncrypt(
    { key: certificatePem, padding: constants.RSA_PKCS1_PADDING },
    Buffer.from(password, 'utf8'),
  ).toString('base64')
