import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactTime } from '../../local/daraja-simulator/clock.ts'
import { SANDBOX, type Settings } from '../../local/daraja-simulator/settings.ts'
import { createDarajaSimulator } from '../../local/daraja-simulator/simulator.ts'
import { createManualClock } from './manual-clock.ts'

export const PHONE = '254712345678'
export const PIN = '1234'
export const CALLBACK_URL = 'https://pay.example.ke/cb/secret'

export type Json = Record<string, unknown>
export type Posted = { url: string; body: Json }

export const newHome = () => mkdtempSync(join(tmpdir(), 'gari-daraja-'))

/** A simulator without a port, its clock in hand, and everything it posted to us. */
export const driveSimulator = async (
  options: { home?: string; settings?: Partial<Settings> } = {},
) => {
  const { clock, advance, settle } = createManualClock()
  const posted: Posted[] = []
  const { app, simulator, stop } = createDarajaSimulator({
    home: options.home ?? newHome(),
    settings: options.settings ?? {},
    clock,
    fetch: (url, init) => {
      posted.push({ url, body: parse(typeof init.body === 'string' ? init.body : '') })
      return Promise.resolve(new Response('{"ResultCode":0}'))
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
  const daraja = (path: string, body: unknown) =>
    send('POST', path, body, { Authorization: `Bearer ${bearer}` })
  const signed = () => {
    const Timestamp = compactTime(clock.now())
    const Password = btoa(`${SANDBOX.shortCode}${SANDBOX.passkey}${Timestamp}`)
    return { BusinessShortCode: Number(SANDBOX.shortCode), Password, Timestamp }
  }
  return {
    app,
    simulator,
    stop,
    posted,
    advance,
    settle,
    send,
    oauth,
    freshToken: async () => (bearer = await token()),
    push: (change: Json = {}) =>
      daraja('/mpesa/stkpush/v1/processrequest', { ...signed(), ...PUSH, ...change }),
    query: (id: unknown) =>
      daraja('/mpesa/stkpushquery/v1/query', { ...signed(), CheckoutRequestID: id }),
    reverse: (receipt: unknown, change: Json = {}) =>
      daraja('/mpesa/reversal/v1/request', { ...REVERSAL, TransactionID: receipt, ...change }),
    answer: (body: Json, phone = PHONE) => send('POST', `/_control/phones/${phone}/answer`, body),
    mood: (mood: Json, scope = 'global') => send('PUT', `/_control/moods/${scope}`, mood),
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

const PUSH = {
  TransactionType: 'CustomerPayBillOnline',
  Amount: 4500,
  PartyA: Number(PHONE),
  PartyB: Number(SANDBOX.shortCode),
  PhoneNumber: Number(PHONE),
  CallBackURL: CALLBACK_URL,
  AccountReference: 'RSV26000123',
  TransactionDesc: 'Car',
}

const REVERSAL = {
  Initiator: SANDBOX.initiator,
  SecurityCredential: SANDBOX.securityCredential,
  CommandID: 'TransactionReversal',
  Amount: 4500,
  ReceiverParty: Number(SANDBOX.shortCode),
  RecieverIdentifierType: '11',
  ResultURL: 'https://pay.example.ke/result/secret',
  QueueTimeOutURL: 'https://pay.example.ke/timeout/secret',
  Remarks: 'Refund',
}
