/** What holds for every call of Daraja, whatever it is about. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { shillings } from '../../domain/money.ts'
import type { Daraja } from '../../gateways/daraja.ts'
import { answered, darajaAt, error, fault, NOON, PATHS, startDaraja } from './daraja-setup.ts'
import { inTurn, raw, reset, type Script, type ScriptedServer } from './scripted-server.ts'

const reportTo = {
  resultUrl: 'https://pay.example.ke/callbacks/1/abc',
  timeoutUrl: 'https://pay.example.ke/callbacks/2/abc',
  remarks: 'RSV-26-000123',
}
const PHONE = '+254712345678'
const CALLS = {
  push: (daraja: Daraja) =>
    daraja.requestStkPush({
      paymentId: '1',
      phone: PHONE,
      amount: shillings(1500),
      reference: 'RSV',
      description: 'Rental',
      callbackUrl: reportTo.resultUrl,
    }),
  query: (daraja: Daraja) => daraja.queryStkPush('ws_CO_21112026101531234712345678'),
  reversal: (daraja: Daraja) =>
    daraja.requestReversal({ ...reportTo, receipt: 'UKL5ABC12D', amount: shillings(1500) }),
  payout: (daraja: Daraja) =>
    daraja.requestPayout({ ...reportTo, payoutId: '1', phone: PHONE, amount: shillings(500) }),
  status: (daraja: Daraja) =>
    daraja.requestTransactionStatus({ ...reportTo, receipt: 'UKL5ABC12D' }),
  balance: (daraja: Daraja) => daraja.requestAccountBalance(reportTo),
  registerUrls: (daraja: Daraja) =>
    daraja.registerPaybillUrls({
      validationUrl: reportTo.resultUrl,
      confirmationUrl: reportTo.timeoutUrl,
      onUnreachable: 'Cancelled',
    }),
  registerPull: (daraja: Daraja) =>
    daraja.registerPull({ nominatedPhone: PHONE, callbackUrl: reportTo.resultUrl }),
  pull: (daraja: Daraja) =>
    daraja.pullTransactions({ from: new Date(NOON.getTime() - 1_000), to: NOON, offset: 0 }),
}
type Call = keyof typeof CALLS

const token = (status: number, code: string) => error(status, code, 'Invalid Access Token')
/** A call, its product's word for an invalid token, an answer that is good, and what we make of that. */
const PRODUCTS: [Call, Script, good: string, outcome: string][] = [
  ['push', token(404, '404.001.03'), '2.2-stk-push-answer', 'accepted'],
  ['query', token(404, '404.001.03'), '5-stk-query-answer', 'refused'],
  ['reversal', token(404, '404.001.03'), '6.1-acknowledgement', 'accepted'],
  ['payout', token(401, '401.003.01'), '6.3-payout-acknowledgement', 'accepted'],
  ['status', token(400, '400.003.01'), '6.1-acknowledgement', 'accepted'],
  ['balance', token(401, '401.002.01'), '6.1-acknowledgement', 'accepted'],
  ['registerUrls', token(400, '400.003.01'), '6.5-register-answer', 'registered'],
  ['registerPull', token(401, '401.001'), '6.6-register-answer', 'registered'],
  ['pull', token(401, '401.001'), '6.6-pull-answer', 'page'],
]

let server: ScriptedServer
beforeEach(async () => {
  server = await startDaraja()
})
afterEach(() => server.close())

describe.each(PRODUCTS)('the call %s', (call, invalid, good, outcome) => {
  const ask = (overrides = {}) => CALLS[call](darajaAt(server, overrides))

  test('fetches one new token and asks once more when its token is called invalid', async () => {
    server.on(PATHS[call], inTurn(invalid, answered(good)))
    expect(await ask()).toMatchObject({ outcome })
    expect([server.count(PATHS.oauth), server.count(PATHS[call])]).toEqual([2, 2])
    const bearers = server.received
      .filter(({ path }) => path === PATHS[call])
      .map(({ headers }) => headers['authorization'])
    expect(bearers).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('does not ask a third time', async () => {
    server.on(PATHS[call], invalid)
    expect(await ask()).toMatchObject({ outcome: call === 'query' ? 'unknown' : 'refused' })
    expect([server.count(PATHS.oauth), server.count(PATHS[call])]).toEqual([2, 2])
  })

  test('knows the gateway’s word for an old token, too', async () => {
    const old = fault(401, 'keymanagement.service.access_token_expired')
    server.on(PATHS[call], inTurn(old, answered(good)))
    expect(await ask()).toMatchObject({ outcome })
  })

  test.each<[string, Script]>([
    ['a reset', reset],
    ['an internal error', error(500, '500.003.1001', 'Internal Server Error')],
    ['a busy system', error(500, '500.003.02', 'System is busy.')],
    ['a bare 503', raw(503, '')],
  ])('is sent once, whatever %s says', async (_name, script) => {
    server.on(PATHS[call], script)
    expect(await ask()).toMatchObject({ outcome: expect.stringMatching(/^(?:refused|unknown)$/) })
    expect(server.count(PATHS[call])).toBe(1)
  })

  test('is JSON by POST, with nobody’s phone in the log', async () => {
    server.on(PATHS[call], error(400, '400.002.02', `Bad Request - Invalid PhoneNumber ${PHONE}`))
    const warn = jest.fn()
    await ask({ log: { warn } })
    expect(server.received[1]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    expect(JSON.stringify(warn.mock.calls)).not.toMatch(/712345678|token|passkey|credential/i)
  })
})
