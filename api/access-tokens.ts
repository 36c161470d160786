/**
 * Access tokens (RFC 9068): signed by ES256, good for ten minutes, and worth nothing once the session that they name is
 * over. What somebody may do does not stand in them: it is read with every request.
 */
import { createECDH, createHash, createPrivateKey } from 'node:crypto'
import { createLocalJWKSet, errors, jwtVerify, SignJWT, type JWK } from 'jose'
import { ACCESS_TOKEN_MS } from '../domain/accounts.ts'

export type AccessTokenFacts = { userId: string; sessionId: string }

export type AccessTokens = {
  sign(who: AccessTokenFacts, now: Date): Promise<string>
  /** Null for whatever is not a token of ours that is good now. */
  read(token: string, now: Date): Promise<AccessTokenFacts | null>
  /** The public halves, the one that signs first. */
  keys: readonly JWK[]
  /** The one that signs, whole. */
  signingKey: JWK
}

export type TokenKeys = {
  /** 32 bytes each: private numbers of P-256. */
  key: Buffer
  /** They sign nothing; what they have signed, or will sign after the next start, is good. */
  otherKeys: readonly Buffer[]
  /** Who signs, and for whom: our own address, and the API under it. */
  issuer: string
}

const ALGORITHM = 'ES256'
const TYPE = 'at+jwt'
const CURVE = 'prime256v1'
const COORDINATE_BYTES = 32
/** Our own processes may stand on machines whose clocks differ by so much. */
const SKEW_SECONDS = 5

type Pair = { kid: string; d: string; publicKey: JWK }

/** Named by its thumbprint (RFC 7638), so that a key cannot come under two names nor two keys under one. */
function pairOf(secret: Buffer): Pair {
  const curve = createECDH(CURVE)
  curve.setPrivateKey(secret)
  const point = curve.getPublicKey().subarray(1)
  const x = point.subarray(0, COORDINATE_BYTES).toString('base64url')
  const y = point.subarray(COORDINATE_BYTES).toString('base64url')
  const members = { crv: 'P-256', kty: 'EC', x, y }
  const kid = createHash('sha256').update(JSON.stringify(members)).digest('base64url')
  return {
    kid,
    d: secret.toString('base64url'),
    publicKey: { ...members, kid, use: 'sig', alg: ALGORITHM },
  }
}

export function createAccessTokens({ key, otherKeys, issuer }: TokenKeys): AccessTokens {
  const signing = pairOf(key)
  const { kty, crv, x, y } = signing.publicKey
  const jwk = { kty, crv, x, y, d: signing.d }
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  const keys = [signing, ...otherKeys.map(pairOf)].map(({ publicKey }) => publicKey)
  const keySet = createLocalJWKSet({ keys })
  const audience = `${issuer}/api/v1`
  const lifeSeconds = ACCESS_TOKEN_MS / 1000
  return {
    keys,
    signingKey: { ...signing.publicKey, d: signing.d },
    sign: ({ userId, sessionId }, now) => {
      const seconds = Math.floor(now.getTime() / 1000)
      return new SignJWT({ sid: sessionId, client_id: issuer })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: signing.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(crypto.randomUUID())
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + lifeSeconds)
        .sign(privateKey)
    },
    read: async (token, now) => {
      try {
        const { payload } = await jwtVerify(token, keySet, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer,
          audience,
          requiredClaims: ['sub', 'sid', 'exp', 'iat'],
          // However late an exp says: nothing of ours lives longer.
          maxTokenAge: lifeSeconds,
          clockTolerance: SKEW_SECONDS,
          currentDate: now,
        })
        const { sub, sid } = payload
        return sub && typeof sid === 'string' ? { userId: sub, sessionId: sid } : null
      } catch (error) {
        if (error instanceof errors.JOSEError) return null
        throw error
      }
    },
  }
}
