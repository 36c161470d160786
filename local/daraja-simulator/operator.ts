import forge from 'node-forge'
import type { OperatorKeys } from './operator-keys.ts'
import { PAID, type ResultCode } from './results.ts'
import type { Merchant, Settings } from './settings.ts'

const WRONG_CREDENTIAL = 2001
const LOCKED = 8006

/** Who may move money by API. A wrong credential is never refused at once: it becomes a result code. */
export type Operator = {
  judge: (initiator: string, credential: string) => ResultCode
  /** Wrong credentials in a row; at the limit even the right one is answered 8006. */
  state: () => { wrong: number; locked: boolean }
  unlock: () => void
}

export const createOperator = (
  merchant: Merchant,
  settings: Settings,
  keys: Pick<OperatorKeys, 'privateKeyPem'>,
): Operator => {
  const key = forge.pki.privateKeyFromPem(keys.privateKeyPem)
  let wrong = 0
  let lastRight: string | null = null
  /** Merchants use one credential for many requests, and decrypting takes a few hundredths of a second. */
  const isRight = (credential: string): boolean => {
    if (credential === lastRight) return true
    const right = decrypt(key, credential) === merchant.initiatorPassword
    if (right) lastRight = credential
    return right
  }
  const isLocked = () => wrong >= settings.operatorLockAfter
  return {
    judge: (initiator, credential) => {
      if (isLocked()) return LOCKED
      // Nobody can lock an operator whose name they do not know.
      if (initiator !== merchant.initiator) return WRONG_CREDENTIAL
      wrong = isRight(credential) ? 0 : wrong + 1
      return wrong === 0 ? PAID : WRONG_CREDENTIAL
    },
    state: () => ({ wrong, locked: isLocked() }),
    unlock: () => void (wrong = 0),
  }
}

/** By forge, because Node no longer decrypts PKCS#1 v1.5, the one padding that Daraja takes. */
const decrypt = (key: forge.pki.rsa.PrivateKey, credential: string): string | null => {
  try {
    return key.decrypt(forge.util.decode64(credential), 'RSAES-PKCS1-V1_5')
  } catch {
    return null
  }
}
