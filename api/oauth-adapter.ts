/** Keeps what oidc-provider makes: under the hash of its id, and sealed, so that reading the table opens nothing. */
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { findOauthClient, type KnownClient } from '../db/oauth-clients.ts'
import * as records from '../db/oauth-records.ts'
import { createSealer } from '../db/sealed-by-us.ts'
import type { ApiDeps } from './deps.ts'
import { sha256 } from './tokens.ts'

const isOnDevice = (uri: string): boolean => !uri.startsWith('https:')

/** As oidc-provider wants it told. */
const toMetadata = (one: KnownClient): AdapterPayload =>
  one.kind === 'public'
    ? {
        client_id: one.id,
        client_name: one.name,
        application_type: one.redirectUris.some(isOnDevice) ? 'native' : 'web',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: one.redirectUris,
      }
    : {
        client_id: one.id,
        client_name: one.name,
        token_endpoint_auth_method: 'client_secret_basic',
        client_secret: one.secretHash?.toString('hex') ?? '',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      }

const nothing = () => Promise.resolve(undefined)

/** Registered by administrators, never by itself. */
const clients = ({ db }: ApiDeps): Adapter => ({
  find: async (id) => {
    const found = await findOauthClient(db, id)
    return found ? toMetadata(found) : undefined
  },
  upsert: () => Promise.reject(new Error('clients are registered elsewhere')),
  findByUserCode: nothing,
  findByUid: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
})

/** Who has signed in is known to our own sessions alone: here everybody is asked anew, and nobody is taken for somebody before. */
const noSessions: Adapter = {
  find: nothing,
  upsert: nothing,
  findByUserCode: nothing,
  findByUid: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
}

export function createOauthAdapter(deps: ApiDeps): (model: string) => Adapter {
  const { db } = deps
  const { seal, open } = createSealer<AdapterPayload>(deps.keyedHash('what OAuth keeps'))
  const stored = (model: string): Adapter => {
    const named = (id: string) => ({ model, idHash: sha256(id) })
    const placeOf = (idHash: Buffer) => Buffer.concat([Buffer.from(`${model}\n`), idHash])
    return {
      upsert: async (id, { jti: _id, ...payload }, expiresIn) => {
        const { idHash } = named(id)
        const ofGrant = model === 'Grant' ? id : payload.grantId
        await records.keepRecord(db, {
          model,
          idHash,
          grantHash: ofGrant ? sha256(ofGrant) : null,
          accountId: payload.accountId ?? null,
          clientId: payload.clientId ?? null,
          scopes: payload.scope?.split(' ').filter((one) => one !== '') ?? [],
          sealed: seal(payload, placeOf(idHash)),
          expiresAt: new Date(deps.now().getTime() + expiresIn * 1000),
        })
      },
      find: async (id) => {
        const kept = await records.findRecord(db, named(id))
        const content = kept && open(kept.sealed, placeOf(sha256(id)))
        if (!content) return undefined
        const consumed = kept.consumedAt ? { consumed: kept.consumedAt.getTime() / 1000 } : {}
        return { ...content, ...consumed, jti: id }
      },
      consume: async (id) => {
        if (await records.consumeRecord(db, named(id))) return
        // Two asked at once: one of them has no right to it, and nobody can tell which.
        await records.dropFamily(db, named(id))
        throw new errors.InvalidGrant('it was used already')
      },
      destroy: (id) => records.dropRecord(db, named(id)),
      revokeByGrantId: (grantId) => records.dropGranted(db, sha256(grantId)),
      findByUid: nothing,
      findByUserCode: nothing,
    }
  }
  return (model) => {
    if (model === 'Client') return clients(deps)
    return model === 'Session' ? noSessions : stored(model)
  }
}
