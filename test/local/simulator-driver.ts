import { afterAll } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOperatorKeys } from '../../local/daraja-simulator/operator-keys.ts'
import { SANDBOX, type Settings } from '../../local/daraja-simulator/settings.ts'
import { createDarajaSimulator } from '../../local/daraja-simulator/simulator.ts'
import { createManualClock } from './manual-clock.ts'
import { CALLBACK_URL, PHONE, wireBodies, type Json } from './wire-bodies.ts'

export { CALLBACK_URL, PHONE, type Json }
export const PIN = '1234'
export type Posted = { url: string; body: Json; headers: Headers }
/** How our side answers what the simulator posts; null hangs up. */
type Reply = (url: string, body: Json) => Response | null

const homes: string[] = []
export const newHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'gari-daraja-'))
  homes.push(home)
  return home
}
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true })
})

/** One for all tests of a file: making a pair takes a good part of a second. */
const keys = loadOperatorKeys(newHome())

const RESULT = 'Result'

/** A simulator without a port, its clock in hand, and everything it posted to us. */
export const driveSimulator = async (
  options: { home?: string; settings?: Partial<Settings> } = {},
) => {
  const { clock, advance, settle } = createManualClock()
  const posted: Posted[] = []
  let reply: Reply = () => new Response('{"ResultCode":0}')
  const { app, simulator, stop } = createDarajaSimulator({
    home: options.home ?? newHome(),
    settings: options.settings ?? {},
    clock,
    keys,
    fetch: (url, init) => {
      const body = parse(typeof init.body === 'string' ? init.body : '')
      posted.push({ url, body, headers: new Headers(init.headers) })
      const answer = reply(url, body)
      return answer ? Promise.resolve(answer) : untilAborted(init.signal)
    },
  })
  const send = async (method: string, path: string, body?: unknown, headers: Json = {}) => {
    const response = await app.request(path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers } as Record<string, string>,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, text, json: parse(text) }
  }
  const token = async () => String((await oauth()).json.access_token)
  const oauth = (secret = SANDBOX.consumerSecret, grant = 'client_credentials') =>
    send('GET', `/oauth/v1/generate?grant_type=${grant}`, undefined, {
      Authorization: `Basic ${btoa(`${SANDBOX.consumerKey}:${secret}`)}`,
    })
  let bearer = await token()
  const call = (path: string, body: unknown) =>
    send('POST', path, body, { Authorization: `Bearer ${bearer}` })
  const wire = wireBodies(() => clock.now(), keys.certificatePem)
  const control = (method: string, path: string, body?: unknown) =>
    send(method, `/_control${path}`, body)

  return {
    app,
    simulator,
    stop,
    posted,
    advance,
    settle,
    send,
    oauth,
    call,
    freshToken: async () => (bearer = await token()),
    useToken: (other: string) => (bearer = other),
    replyWith: (how: Reply) => (reply = how),
    /** The results among what was posted. */
    results: () => posted.flatMap(({ body }) => (RESULT in body ? [body[RESULT] as Json] : [])),

    push: (change: Json = {}) => call('/mpesa/stkpush/v1/processrequest', wire.push(change)),
    query: (id: unknown, change: Json = {}) =>
      call('/mpesa/stkpushquery/v1/query', wire.query(id, change)),
    reverse: (receipt: unknown, change: Json = {}) =>
      call('/mpesa/reversal/v1/request', wire.reversal(receipt, change)),
    payOut: (change: Json = {}, version = 'v3') =>
      call(`/mpesa/b2c/${version}/paymentrequest`, wire.payout(change)),
    askStatus: (change: Json = {}) =>
      call('/mpesa/transactionstatus/v1/query', wire.status(change)),
    askBalance: (change: Json = {}) => call('/mpesa/accountbalance/v1/query', wire.balance(change)),
    registerUrls: (change: Json = {}, version = 'v2') =>
      call(`/mpesa/c2b/${version}/registerurl`, wire.registerUrls(change)),
    simulate: (change: Json = {}, version = 'v2') =>
      call(`/mpesa/c2b/${version}/simulate`, wire.simulate(change)),
    registerPull: (change: Json = {}) =>
      call('/pulltransactions/v1/register', wire.registerPull(change)),
    pull: (change: Json = {}) => call('/pulltransactions/v1/query', wire.pull(change)),

    control,
    answer: (body: Json, phone = PHONE) => control('POST', `/phones/${phone}/answer`, body),
    changePhone: (change: Json, phone = PHONE) => control('PATCH', `/phones/${phone}`, change),
    payByHand: (wanted: Json, phone = PHONE) => control('POST', `/phones/${phone}/pay`, wanted),
    mood: (mood: Json, scope = 'global') => control('PUT', `/moods/${scope}`, mood),
    clearMoods: () => control('DELETE', '/moods'),
    changeSettings: (patch: Json) => control('PATCH', '/settings', patch),
    expireTokens: () => control('POST', '/tokens/expire'),
    forge: (forged: Json) => control('POST', '/callbacks/forge', forged),
    resend: (id: unknown, copies = 1) =>
      control('POST', `/callbacks/${String(id)}/resend`, { copies }),
    release: (order = 'oldest-first') => control('POST', '/callbacks/release', { order }),
    transfer: (from: string, to: string, amount: number) =>
      control('POST', '/transfers', { from, to, amount }),
    unlockOperator: () => control('POST', '/operator/unlock'),
    forgetRegistrations: () => control('DELETE', '/registrations'),
    statement: async (query: Record<string, string> = {}) =>
      (await control('GET', `/statement.csv?${new URLSearchParams(query)}`)).text,
    ledger: () => simulator.ledger.report(),
  }
}

const parse = (text: string): Json => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return {}
  }
}

const untilAborted = (signal: AbortSignal | null | undefined): Promise<Response> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
  })
