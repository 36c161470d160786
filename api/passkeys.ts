/**
 * Passkeys (WebAuthn): a key that stays in the phone or the computer, opened by a finger, a face or the lock of the screen.
 * The person is verified there, so one passkey is both factors. They belong to a name, so a house that is asked for by a bare
 * address has none.
 */
import { isIP } from 'node:net'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { inTransaction } from '../db/connection.ts'
import {
  addPasskey,
  findPasskey,
  keepChallenge,
  listPasskeys,
  takeChallenge,
  usePasskey,
  type ChallengePurpose,
} from '../db/passkeys.ts'
import { recordSecurityEvent } from '../db/security.ts'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { MINUTE_MS } from '../domain/time.ts'
import type { ApiDeps } from './deps.ts'
import { forgive, limit } from './limits.ts'

const CHALLENGE_MS = 5 * MINUTE_MS
const MOST = 20
const NAME = 'Gari'

const partyOf = ({ publicUrl }: Pick<ApiDeps, 'publicUrl'>) => {
  const { hostname, origin } = new URL(publicUrl)
  return { id: hostname, origin }
}

export const canHavePasskeys = (deps: Pick<ApiDeps, 'publicUrl'>): boolean => {
  const { id } = partyOf(deps)
  return isIP(id.replaceAll(/[[\]]/g, '')) === 0
}

const failed = () =>
  new BusinessError('PASSKEY_REFUSED', 'That did not work. Try again, or sign in another way.')

async function keep(deps: ApiDeps, askedBy: Buffer, purpose: ChallengePurpose, challenge: string) {
  const expiresAt = new Date(deps.now().getTime() + CHALLENGE_MS)
  await keepChallenge(deps.db, { askedBy, purpose, challenge, expiresAt })
}

export async function askToRegister(deps: ApiDeps, actor: Actor, askedBy: Buffer) {
  const known = await listPasskeys(deps.db, actor.userId)
  if (known.length >= MOST)
    throw new BusinessError('PASSKEY_REFUSED', 'You have many passkeys. Remove one first.')
  const options = await generateRegistrationOptions({
    rpName: NAME,
    rpID: partyOf(deps).id,
    userName: actor.email ?? actor.phone ?? actor.userId,
    userDisplayName: `${actor.firstName} ${actor.lastName}`.trim(),
    userID: new Uint8Array(Buffer.from(actor.userId)),
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId: id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keep(deps, askedBy, 'register', options.challenge)
  return options
}

type Registering = { userId: string; askedBy: Buffer; name: string; response: unknown }

/** Throws PASSKEY_REFUSED. */
export async function registerPasskey(
  deps: ApiDeps,
  { userId, askedBy, name, response }: Registering,
): Promise<void> {
  const challenge = await takeChallenge(deps.db, askedBy, 'register', deps.now())
  if (challenge === null) throw failed()
  const { id, origin } = partyOf(deps)
  const { registrationInfo } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
  }).catch(() => ({ registrationInfo: undefined }))
  if (!registrationInfo) throw failed()
  const { credential } = registrationInfo
  const added = await inTransaction(deps.db, (tx) =>
    addPasskey(tx, {
      userId,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
      name,
      keep: askedBy,
    }),
  )
  if (!added) throw failed()
}

/** Names nobody: the browser offers what it has for this house. */
export async function askForPasskey(deps: ApiDeps, askedBy: Buffer, source: string) {
  await limit(deps, 'passkeyChecks', source)
  const options = await generateAuthenticationOptions({
    rpID: partyOf(deps).id,
    userVerification: 'required',
  })
  await keep(deps, askedBy, 'sign_in', options.challenge)
  return options
}

type Answered = { askedBy: Buffer; response: AuthenticationResponseJSON; source: string }

/** Answers which it is, and whose. Throws PASSKEY_REFUSED, the same for one that is unknown and one that does not fit. */
export async function checkPasskey(
  deps: ApiDeps,
  { askedBy, response, source }: Answered,
): Promise<{ userId: string; passkeyId: string }> {
  const challenge = await takeChallenge(deps.db, askedBy, 'sign_in', deps.now())
  const passkey = await findPasskey(deps.db, response.id)
  if (challenge === null || !passkey) throw failed()
  const { id, origin } = partyOf(deps)
  const result = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(passkey.publicKey),
      counter: passkey.counter,
    },
  }).catch(() => null)
  const used =
    result?.verified === true &&
    (await inTransaction(deps.db, (tx) =>
      usePasskey(tx, passkey.id, result.authenticationInfo.newCounter),
    ))
  if (!used) {
    await recordSecurityEvent(deps.db, 'passkey_refused', { userId: passkey.userId })
    throw failed()
  }
  // Only questions that came to nothing stay counted: many honest people stand behind one address.
  await forgive(deps, 'passkeyChecks', source)
  return { userId: passkey.userId, passkeyId: passkey.id }
}
