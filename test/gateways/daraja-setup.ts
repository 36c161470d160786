/** A Daraja that answers what a test writes down, bodies as Safaricom sends them, and our client in front of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDaraja, type DarajaOptions } from '../../gateways/daraja.ts'
import { json, raw, startServer, type Script, type ScriptedServer } from './scripted-server.ts'

export const PATHS = {
  oauth: '/oauth/v1/generate',
  push: '/mpesa/stkpush/v1/processrequest',
  query: '/mpesa/stkpushquery/v1/query',
  reversal: '/mpesa/reversal/v1/request',
  payout: '/mpesa/b2c/v3/paymentrequest',
  status: '/mpesa/transactionstatus/v1/query',
  balance: '/mpesa/accountbalance/v1/query',
  registerUrls: '/mpesa/c2b/v2/registerurl',
  registerPull: '/pulltransactions/v1/register',
  pull: '/pulltransactions/v1/query',
}
export const NOON = new Date('2026-11-21T09:15:30Z')

const BODIES = join(import.meta.dirname, 'daraja-bodies')
export const bodyNames = readdirSync(BODIES).map((file) => file.replace(/\.json$/, ''))
/** A body of the wire, named after its section of the protocol reference. */
export const body = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(BODIES, `${name}.json`), 'utf8'))

export const error = (status: number, errorCode: string, errorMessage?: string) =>
  json(status, { requestId: '1-2-3', errorCode, errorMessage })
export const fault = (status: number, errorcode: string) =>
  json(status, { fault: { faultstring: 'Spike arrest violation.', detail: { errorcode } } })
export const incident = (status: number) =>
  raw(status, '<html><body>Request unsuccessful. Incapsula incident ID: 1-2</body></html>')
export const invalidToken = error(404, '404.001.03', 'Invalid Access Token')
export const answered = (name: string): Script => json(200, body(name))

/** Gives `token-1`, `token-2` and so on. */
export async function startDaraja(): Promise<ScriptedServer> {
  const server = await startServer()
  server.on(PATHS.oauth, (_request, response, nth) => {
    response.end(JSON.stringify({ access_token: `token-${nth + 1}`, expires_in: '3599' }))
  })
  return server
}

export const darajaAt = ({ url }: ScriptedServer, overrides: Partial<DarajaOptions> = {}) =>
  createDaraja({
    baseUrl: url,
    consumerKey: 'key',
    consumerSecret: 'secret',
    shortcode: '174379',
    passkey: 'passkey',
    transactionType: 'CustomerPayBillOnline',
    initiator: 'apiop37',
    securityCredential: 'Y3JlZGVudGlhbA==',
    timeoutMs: 2_000,
    now: () => NOON,
    ...overrides,
  })
