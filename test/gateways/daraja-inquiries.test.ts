/** Transaction status and account balance: asked at once, answered later. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Daraja } from '../../gateways/daraja.ts'
import { answered, body, darajaAt, error, incident, PATHS, startDaraja } from './daraja-setup.ts'
import { raw, reset, type Script, type ScriptedServer } from './scripted-server.ts'

const reportTo = (kind: string) => ({
  resultUrl: `https://pay.example.ke/callbacks/${kind}/1/abc`,
  timeoutUrl: `https://pay.example.ke/callbacks/${kind}-timeout/1/abc`,
})
const byReceipt = { ...reportTo('status'), receipt: 'UKL5ABC12D', remarks: 'Refund RSV-26-000123' }
const byConversation = {
  ...reportTo('status'),
  conversationId: '3f0c5a7e-58c2-4b0c-9a6f-3b1c1d7b8f10',
  remarks: 'Refund RSV-26-000123',
}
const ofBalance = { ...reportTo('balance'), remarks: 'Day close' }

type Ask = (daraja: Daraja) => Promise<unknown>
const QUESTIONS: [name: string, path: string, recorded: string, ask: Ask][] = [
  [
    'a status by receipt',
    PATHS.status,
    '6.4-status-request-by-receipt',
    (daraja) => daraja.requestTransactionStatus(byReceipt),
  ],
  [
    'a status by conversation',
    PATHS.status,
    '6.4-status-request-by-conversation',
    (daraja) => daraja.requestTransactionStatus(byConversation),
  ],
  [
    'a balance',
    PATHS.balance,
    '6.4-balance-request',
    (daraja) => daraja.requestAccountBalance(ofBalance),
  ],
]

let server: ScriptedServer
beforeEach(async () => {
  server = await startDaraja()
})
afterEach(() => server.close())

describe.each(QUESTIONS)('%s', (_name, path, recorded, ask) => {
  test('goes out in Daraja’s spelling', async () => {
    server.on(path, answered('6.1-acknowledgement'))
    expect(await ask(darajaAt(server))).toEqual({
      outcome: 'accepted',
      conversationId: 'AG_20261121_0100101002hi3i67m6ml',
      originatorConversationId: '8423-4a3b-87d8-1d918a78741e243712',
    })
    expect(server.received[1]?.json).toEqual(body(recorded))
  })

  test.each<[string, Script]>([
    ['a reset', reset],
    ['maintenance', error(500, '500.002.1001', 'Service is currently under maintenance.')],
    ['a duplicate, which only payouts know', error(500, '500.002.1001', 'Duplicate')],
    ['an empty 200', raw(200, '')],
  ])('is unknown after %s, and not repeated by us', async (_why, script) => {
    server.on(path, script)
    expect(await ask(darajaAt(server))).toEqual({ outcome: 'unknown', why: expect.any(String) })
    expect(server.count(path)).toBe(1)
  })

  test.each<[string, Script, string]>([
    ['a wrong payload', error(400, '400.003.02', 'Bad Request'), 'N'],
    ['a wrong method', error(405, '405.001', 'GET Method Not Allowed'), 'N'],
    ['a spent quota', error(500, '500.003.03', 'Quota Violation'), 'W'],
    ['the firewall', incident(503), 'W'],
  ])('is refused by %s', async (_why, script, reasonClass) => {
    server.on(path, script)
    expect(await ask(darajaAt(server))).toMatchObject({ outcome: 'refused', class: reasonClass })
  })

  test('is not sent where no operator is set up', async () => {
    const daraja = darajaAt(server, { initiator: undefined })
    expect(await ask(daraja)).toMatchObject({ outcome: 'refused', class: 'N' })
    expect(server.received).toEqual([])
  })
})

test('what concerns payouts is asked of the shortcode that pays them', async () => {
  server.on(PATHS.status, answered('6.1-acknowledgement'))
  server.on(PATHS.balance, answered('6.1-acknowledgement'))
  const daraja = darajaAt(server, { payoutShortcode: '600992' })
  await daraja.requestTransactionStatus({ ...byConversation, account: 'payout' })
  await daraja.requestAccountBalance({ ...ofBalance, account: 'payout' })
  await daraja.requestAccountBalance(ofBalance)
  const parties = server.received.slice(1).map((one) => one.json['PartyA'])
  expect(parties).toEqual([600992, 600992, 174379])
})

test('a status of what is no receipt is not asked', async () => {
  const answer = await darajaAt(server).requestTransactionStatus({ ...byReceipt, receipt: 'x' })
  expect(answer).toMatchObject({ outcome: 'refused', class: 'N' })
  expect(server.received).toEqual([])
})
