import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { shillings, type Cents } from '../../domain/money.ts'
import { passesByItself, UNREACHABLE } from '../../domain/refund-refusals.ts'
import type { DarajaOptions } from '../../gateways/daraja.ts'
import {
  answered,
  body,
  darajaAt,
  error,
  fault,
  incident,
  invalidToken,
  PATHS,
  startDaraja,
} from './daraja-setup.ts'
import {
  inTurn,
  json,
  raw,
  reset,
  silence,
  type Script,
  type ScriptedServer,
} from './scripted-server.ts'

const payout = {
  payoutId: '3f0c5a7e-58c2-4b0c-9a6f-3b1c1d7b8f10',
  phone: '+254712345678',
  amount: shillings(500),
  remarks: 'Refund RSV-26-000123',
  occasion: 'refund',
  resultUrl: 'https://pay.example.ke/callbacks/payout/1/abc',
  timeoutUrl: 'https://pay.example.ke/callbacks/payout-timeout/1/abc',
}
const back = {
  receipt: 'UKL51ZDR4F',
  amount: shillings(500),
  remarks: 'Refund RSV-26-000123',
  resultUrl: 'https://pay.example.ke/callbacks/reversal/1/abc',
  timeoutUrl: 'https://pay.example.ke/callbacks/reversal-timeout/1/abc',
}
const ACCEPTED = {
  outcome: 'accepted',
  conversationId: 'AG_20261121_0100101002hi3i67m6ml',
  originatorConversationId: payout.payoutId,
}
const accepted = answered('6.3-payout-acknowledgement')
const duplicate = error(500, '500.002.1001', 'Duplicate OriginatorConversationID.')
const maintenance = error(500, '500.002.1001', 'Service is currently under maintenance.')
const unknown = { outcome: 'unknown', why: expect.any(String) }

let server: ScriptedServer
beforeEach(async () => {
  server = await startDaraja()
})
afterEach(() => server.close())
const build = (overrides: Partial<DarajaOptions> = {}) => darajaAt(server, overrides)

describe('a payout', () => {
  test('goes out under our own id, in Daraja’s spelling', async () => {
    server.on(PATHS.payout, accepted)
    expect(await build().requestPayout(payout)).toEqual(ACCEPTED)
    expect(server.received[1]?.json).toEqual(body('6.3-payout-request'))
  })

  test('comes from the shortcode that pays, where it is another one', async () => {
    server.on(PATHS.payout, accepted)
    await build({ payoutShortcode: '600992' }).requestPayout(payout)
    expect(server.received[1]?.json).toMatchObject({ PartyA: 600992 })
  })

  test('needs no occasion', async () => {
    server.on(PATHS.payout, accepted)
    await build().requestPayout({ ...payout, occasion: undefined })
    expect(server.received[1]?.json).not.toHaveProperty('Occassion')
  })

  test('that Daraja took before is a duplicate: no refusal, and no second payment', async () => {
    server.on(PATHS.payout, inTurn(reset, duplicate))
    const daraja = build()
    expect(await daraja.requestPayout(payout)).toEqual(unknown)
    expect(await daraja.requestPayout(payout)).toEqual({ outcome: 'duplicate' })
    const ids = server.received
      .filter(({ path }) => path === PATHS.payout)
      .map((one) => one.json['OriginatorConversationID'])
    expect(ids).toEqual([payout.payoutId, payout.payoutId])
  })

  test.each<[string, Script]>([
    ['maintenance under the duplicate’s code', maintenance],
    ['the duplicate’s code without a text', error(500, '500.002.1001')],
    ['an internal error', error(500, '500.003.1001', 'Internal Server Error')],
    ['a reset', reset],
    ['garbage', raw(200, '{"ResponseCode":"0"', 'application/json')],
    ['an acceptance without an id', json(200, { ResponseCode: '0', ConversationID: 'AG_1' })],
    ['another response code', json(200, { ...body('6.1-acknowledgement'), ResponseCode: '1' })],
    ['a gateway’s time-out', fault(504, 'messaging.adaptors.http.flow.GatewayTimeout')],
    ['a bare 503', raw(503, '')],
  ])('is unknown after %s, and never sent twice', async (_name, script) => {
    server.on(PATHS.payout, script)
    expect(await build().requestPayout(payout)).toEqual(unknown)
    expect(server.count(PATHS.payout)).toBe(1)
  })

  test('is unknown when Daraja does not answer in time', async () => {
    server.on(PATHS.payout, silence)
    expect(await build({ timeoutMs: 1_000 }).requestPayout(payout)).toEqual(unknown)
  })

  test.each<[string, Script, string, string]>([
    ['a wrong field', error(400, '400.002.02', 'Bad Request - Invalid Remarks'), '400.002.02', 'N'],
    ['a path that is none', error(404, '404.001.01', 'Resource not found'), '404.001.01', 'N'],
    ['an invalid token twice', invalidToken, UNREACHABLE, 'W'],
    ['a busy system', error(500, '500.003.02', 'System is busy.'), UNREACHABLE, 'W'],
    ['a spike arrest', fault(429, 'policies.ratelimit.SpikeArrestViolation'), UNREACHABLE, 'W'],
    ['the firewall', incident(403), UNREACHABLE, 'W'],
  ])('is refused for certain by %s', async (_name, script, code, reasonClass) => {
    server.on(PATHS.payout, script)
    expect(await build().requestPayout(payout)).toEqual({
      outcome: 'refused',
      code,
      class: reasonClass,
    })
  })

  test('that never left us passes by itself, like a reversal that did not', async () => {
    await server.close()
    const daraja = build()
    for (const answer of [await daraja.requestPayout(payout), await daraja.requestReversal(back)])
      expect(answer.outcome === 'refused' && passesByItself(answer.code)).toBe(true)
  })

  test.each([
    ['cents', { amount: 50_050 as Cents }],
    ['too little', { amount: shillings(9) }],
    ['too much', { amount: shillings(250_001) }],
    ['a landline', { phone: '+254202345678' }],
    ['no remarks', { remarks: '' }],
    ['no id', { payoutId: '' }],
    ['an id with spaces', { payoutId: 'payout 1' }],
    ['an address with a space', { resultUrl: 'https://pay.example.ke/a b' }],
  ])('with %s is not sent at all', async (_name, wrong) => {
    expect(await build().requestPayout({ ...payout, ...wrong })).toEqual({
      outcome: 'refused',
      code: 'CONFIGURATION',
      class: 'N',
    })
    expect(server.received).toEqual([])
  })
})
