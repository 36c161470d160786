import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { shillings } from '../../domain/money.ts'
import type { Cents } from '../../domain/money.ts'
import type { DarajaOptions } from '../../gateways/daraja.ts'
import { createSecurityCredential } from '../../gateways/daraja/credential.ts'
import {
  answered,
  body,
  darajaAt,
  error,
  fault,
  incident,
  invalidToken,
  NOON,
  PATHS,
  startDaraja,
} from './daraja-setup.ts'
import {
  inTurn,
  json,
  raw,
  reset,
  silence,
  startServer,
  type Script,
  type ScriptedServer,
} from './scripted-server.ts'

const { oauth: OAUTH, push: PUSH, query: QUERY, reversal: REVERSAL } = PATHS

const accepted = answered('2.2-stk-push-answer')
const ACCEPTED = {
  outcome: 'accepted',
  merchantRequestId: '2654-4b64-97ff-b827b542881d3130',
  checkoutRequestId: 'ws_CO_21112026101531234712345678',
}

const push = {
  paymentId: '3f0c5a7e-58c2-4b0c-9a6f-3b1c1d7b8f10',
  phone: '+254712345678',
  amount: shillings(1500),
  reference: 'RSV-26-000123',
  description: 'Car rental',
  callbackUrl: 'https://pay.example.ke/callbacks/stk/1/abc',
}
const reversal = {
  receipt: 'UKL5ABC12D',
  amount: shillings(1500),
  resultUrl: 'https://pay.example.ke/callbacks/reversal/1/abc',
  timeoutUrl: 'https://pay.example.ke/callbacks/reversal-timeout/1/abc',
  remarks: 'Refund RSV-26-000123',
}

let server: ScriptedServer
beforeEach(async () => {
  server = await startDaraja()
})
afterEach(() => server.close())

const build = (overrides: Partial<DarajaOptions> = {}) => darajaAt(server, overrides)

const refused = (code: string, reasonClass: string) => ({
  outcome: 'refused',
  reason: { code, class: reasonClass },
})
const UNREACHABLE = refused('UNREACHABLE', 'W')
const CONFIGURATION = refused('CONFIGURATION', 'N')
const unknown = { outcome: 'unknown', why: expect.any(String) }

describe('a push', () => {
  test('goes out in Daraja’s spelling, signed with Nairobi’s time', async () => {
    server.on(PUSH, accepted)
    expect(await build().requestStkPush(push)).toEqual(ACCEPTED)
    const [, sent] = server.received
    expect(sent?.json).toEqual(body('2.1-stk-push-request'))
    expect(sent?.headers['authorization']).toBe('Bearer token-1')
    expect(server.received[0]?.headers['authorization']).toBe('Basic a2V5OnNlY3JldA==')
  })

  test('has its reference and description cut to what Daraja takes', async () => {
    server.on(PUSH, accepted)
    await build().requestStkPush({
      ...push,
      reference: 'RSV-26-000123-A',
      description: 'Car rental and more',
    })
    expect(server.received[1]?.json).toMatchObject({
      AccountReference: 'RSV26000123A',
      TransactionDesc: 'Car rental an',
    })
  })

  test('into a till names the till beside the store’s number', async () => {
    server.on(PUSH, accepted)
    await build({ till: '5123456', transactionType: 'CustomerBuyGoodsOnline' }).requestStkPush(push)
    expect(server.received[1]?.json).toMatchObject({ BusinessShortCode: 174379, PartyB: 5123456 })
  })

  const certain: [string, Script, object][] = [
    ['a wrong field', error(400, '400.002.02', 'Bad Request - Invalid CallBackURL'), CONFIGURATION],
    ['a wrong passkey', error(500, '500.001.1001', 'Wrong credentials'), CONFIGURATION],
    [
      'an old text for it',
      error(500, '500.001.1001', '[MerchantValidate] - Wrong credentials'),
      CONFIGURATION,
    ],
    ['an unknown merchant', error(500, '500.001.1001', 'Merchant does not exist'), CONFIGURATION],
    [
      'a locked subscriber',
      error(500, '500.001.1001', 'Unable to lock subscriber, a transaction is already in process'),
      refused('1001', 'W'),
    ],
    ['a busy system', error(500, '500.003.02', 'System is busy.'), UNREACHABLE],
    ['a spent quota', error(500, '500.003.03', 'Quota Violation'), UNREACHABLE],
    ['a spike arrest', fault(429, 'policies.ratelimit.SpikeArrestViolation'), UNREACHABLE],
    ['a spike arrest as 500', fault(500, 'policies.ratelimit.SpikeArrestViolation'), UNREACHABLE],
    ['a bare 429', raw(429, ''), UNREACHABLE],
    ['the firewall’s 403', incident(403), UNREACHABLE],
    ['the firewall’s 503', incident(503), UNREACHABLE],
    ['an invalid token twice', invalidToken, CONFIGURATION],
  ]
  test.each(certain)('is refused for certain by %s', async (_name, script, outcome) => {
    server.on(PUSH, script)
    expect(await build().requestStkPush(push)).toEqual(outcome)
  })

  const unclear: [string, Script][] = [
    ['a reset', reset],
    ['garbage', raw(200, '{"ResponseCode":"0","Resp', 'application/json')],
    ['an empty 200', raw(200, '')],
    ['an acceptance without an id', json(200, { ResponseCode: '0', MerchantRequestID: '1' })],
    ['a strange response code', json(200, { ResponseCode: '9', MerchantRequestID: 'a' })],
    ['an internal error', error(500, '500.003.1001', 'Internal Server Error')],
    ['an overloaded code without text', error(500, '500.001.1001', '')],
    ['an unknown code', error(500, '500.009.99', 'Wrong credentials')],
    ['a gateway’s time-out', fault(504, 'messaging.adaptors.http.flow.GatewayTimeout')],
    ['a bare 503', raw(503, 'Service Unavailable')],
    ['a bare 502', raw(502, '')],
    ['a redirect', (_request, response) => void response.writeHead(307, { location: '/x' }).end()],
  ]
  test.each(unclear)('is unknown after %s, and never sent twice', async (_name, script) => {
    server.on(PUSH, script)
    expect(await build().requestStkPush(push)).toEqual(unknown)
    expect(server.count(PUSH)).toBe(1)
  })

  test('is unknown when Daraja does not answer in time', async () => {
    server.on(PUSH, silence)
    expect(await build({ timeoutMs: 1_000 }).requestStkPush(push)).toEqual({
      outcome: 'unknown',
      why: 'M-Pesa did not answer in time',
    })
  })

  test('is refused when the connection is not even made', async () => {
    server.on(PUSH, accepted)
    const other = await startServer()
    await other.close()
    // The token is there; then nobody listens any more.
    const moved: typeof fetch = (url, init) =>
      fetch(url === `${server.url}${PUSH}` ? `${other.url}${PUSH}` : url, init)
    expect(await build({ fetch: moved }).requestStkPush(push)).toEqual(UNREACHABLE)
    expect(await build({ baseUrl: 'http://gari.invalid' }).requestStkPush(push)).toEqual(
      UNREACHABLE,
    )
    expect([server.count(OAUTH), server.count(PUSH)]).toEqual([1, 0])
  })

  test('is unknown when it was cut off while its answer was coming in', async () => {
    server.on(PUSH, (_request, response) => {
      response.writeHead(200, { 'content-length': '500' })
      response.write('{"ResponseCode":', () => response.socket?.resetAndDestroy())
    })
    expect(await build().requestStkPush(push)).toEqual(unknown)
  })

  test.each([
    ['cents', { amount: 150_050 as Cents }],
    ['too much', { amount: shillings(250_001) }],
    ['a landline', { phone: '+254202345678' }],
    ['an address with a space', { callbackUrl: 'https://pay.example.ke/a b' }],
  ])('with %s is not sent at all', async (_name, wrong) => {
    expect(await build().requestStkPush({ ...push, ...wrong })).toEqual(CONFIGURATION)
    expect(server.received).toEqual([])
  })
})

describe('the token', () => {
  test('is fetched once for many calls at the same time', async () => {
    server.on(PUSH, accepted)
    const daraja = build()
    const answers = await Promise.all(Array.from({ length: 20 }, () => daraja.requestStkPush(push)))
    expect(answers).toEqual(Array.from({ length: 20 }, () => ACCEPTED))
    expect([server.count(OAUTH), server.count(PUSH)]).toEqual([1, 20])
  })

  test('is replaced once when Daraja calls it invalid, and each call is repeated once', async () => {
    server.on(PUSH, (request, response, nth) =>
      request.headers['authorization'] === 'Bearer token-1'
        ? invalidToken(request, response, nth)
        : accepted(request, response, nth),
    )
    const daraja = build()
    const answers = await Promise.all(Array.from({ length: 20 }, () => daraja.requestStkPush(push)))
    expect(answers).toEqual(Array.from({ length: 20 }, () => ACCEPTED))
    expect([server.count(OAUTH), server.count(PUSH)]).toEqual([2, 40])
  })

  test('that others had fetched meanwhile, and that has ended as well, is no reason to give up', async () => {
    let letGo = () => {}
    const othersAreServed = new Promise<void>((resolve) => (letGo = resolve))
    server.on(PUSH, async (request, response, nth) => {
      if (nth === 1) await othersAreServed
      if (nth === 2) letGo()
      const isInvalid = nth <= 1 || nth === 3
      return isInvalid ? invalidToken(request, response, nth) : accepted(request, response, nth)
    })
    const daraja = build()
    const answers = await Promise.all([daraja.requestStkPush(push), daraja.requestStkPush(push)])
    expect(answers).toEqual([ACCEPTED, ACCEPTED])
    expect([server.count(OAUTH), server.count(PUSH)]).toEqual([3, 5])
  })

  test.each([
    error(401, '401.003.01', 'Error Occurred - Invalid Access Token'),
    error(400, '400.003.01', 'Invalid Access Token'),
    fault(401, 'keymanagement.service.access_token_expired'),
  ])('is known to be invalid by each product’s code', async (script) => {
    server.on(PUSH, inTurn(script, accepted))
    expect(await build().requestStkPush(push)).toEqual(ACCEPTED)
  })

  test('is refreshed early, and the old one serves while no new one is to be had', async () => {
    server.on(PUSH, accepted)
    let now = NOON.getTime()
    const daraja = build({ now: () => new Date(now) })
    await daraja.requestStkPush(push)
    now += 3_000_000
    await daraja.requestStkPush(push)
    expect(server.count(OAUTH)).toBe(1)
    now += 500_000
    server.on(OAUTH, raw(503, ''))
    expect(await daraja.requestStkPush(push)).toEqual(ACCEPTED)
    expect(server.count(OAUTH)).toBe(2)
    now += 200_000
    expect(await daraja.requestStkPush(push)).toEqual(UNREACHABLE)
  })

  test.each<[string, Script, object]>([
    ['a wrong key', raw(400, '', 'text/plain'), CONFIGURATION],
    [
      'a wrong key in JSON',
      error(400, '400.008.01', 'Invalid Authentication passed'),
      CONFIGURATION,
    ],
    ['an outage', incident(503), UNREACHABLE],
    ['garbage', raw(200, '<html>'), UNREACHABLE],
    ['a reset', reset, UNREACHABLE],
    ['silence', silence, UNREACHABLE],
  ])('that is not given because of %s means that nothing was sent', async (_name, script, out) => {
    server.on(OAUTH, script)
    expect(await build({ timeoutMs: 100 }).requestStkPush(push)).toEqual(out)
    expect(server.count(PUSH)).toBe(0)
  })
})

describe('the breaker', () => {
  test('spares a Daraja in trouble, says refused for pushes, and lets questions through', async () => {
    server.on(PUSH, incident(403))
    server.on(QUERY, error(500, '500.001.1001', 'The transaction is being processed'))
    const daraja = build()
    for (let nth = 0; nth < 8; nth += 1)
      expect(await daraja.requestStkPush(push)).toEqual(UNREACHABLE)
    expect(server.count(PUSH)).toBe(5)
    expect(await daraja.queryStkPush('ws_CO_1')).toEqual({ outcome: 'pending' })
  })

  test('turns questions into unknown', async () => {
    server.on(QUERY, raw(429, ''))
    const daraja = build()
    for (let nth = 0; nth < 6; nth += 1)
      expect(await daraja.queryStkPush('ws_CO_1')).toEqual(unknown)
    expect(server.count(QUERY)).toBe(5)
  })

  test('does not mind refusals', async () => {
    server.on(PUSH, error(500, '500.001.1001', 'Unable to lock subscriber'))
    const daraja = build()
    for (let nth = 0; nth < 8; nth += 1) await daraja.requestStkPush(push)
    expect(server.count(PUSH)).toBe(8)
  })
})

describe('a query', () => {
  const ID = 'ws_CO_21112026101531234712345678'
  const final = (ResultCode: unknown, more = {}) =>
    json(200, { ResponseCode: '0', CheckoutRequestID: ID, ResultCode, ...more })

  test.each<[string, Script, object]>([
    ['0', final('0'), { outcome: 'paid' }],
    ['0 as a number', final(0), { outcome: 'paid' }],
    ['1032', final('1032'), refused('1032', 'U')],
    ['2028', final('2028'), refused('2028', 'N')],
    ['SFC_IC0003', final('SFC_IC0003'), refused('SFC_IC0003', 'N')],
    ['an undocumented number', final('7777'), refused('7777', 'U')],
    ['4999', final('4999'), { outcome: 'pending' }],
    [
      'being processed',
      error(500, '500.001.1001', 'The transaction is being processed'),
      { outcome: 'pending' },
    ],
    ['a word', final('PENDING'), unknown],
    ['another id', final('0', { CheckoutRequestID: 'ws_CO_2' }), unknown],
    ['another response code', final('0', { ResponseCode: '1' }), unknown],
    ['no such transaction', error(500, '500.001.1001', 'The transaction does not Exist'), unknown],
    ['an invalid id', error(400, '400.002.02', 'Bad Request - Invalid CheckoutRequestID'), unknown],
    ['a hiccup', error(500, '500.001.1001', ''), unknown],
    ['a firewall', incident(403), unknown],
    ['a spike arrest', fault(429, 'policies.ratelimit.SpikeArrestViolation'), unknown],
    ['garbage', raw(200, '{'), unknown],
    ['a reset', reset, unknown],
    ['an invalid token', invalidToken, unknown],
  ])('that is answered with %s', async (_name, script, outcome) => {
    server.on(QUERY, script)
    expect(await build().queryStkPush(ID)).toEqual(outcome)
  })

  test('asks with exactly four fields', async () => {
    server.on(QUERY, final('0'))
    await build().queryStkPush(ID)
    expect(server.received[1]?.json).toEqual(body('5-stk-query-request'))
  })
})

describe('a reversal', () => {
  test('goes out in full, in Daraja’s spelling', async () => {
    server.on(REVERSAL, answered('6.1-acknowledgement'))
    expect(await build().requestReversal(reversal)).toEqual({
      outcome: 'accepted',
      conversationId: 'AG_20261121_0100101002hi3i67m6ml',
      originatorConversationId: '8423-4a3b-87d8-1d918a78741e243712',
    })
    expect(server.received[1]?.json).toEqual(body('6.2-reversal-request'))
  })

  test('is refused with Daraja’s own code, for the people who mend it', async () => {
    server.on(REVERSAL, error(400, '400.002.02', 'Bad Request - Invalid Remarks'))
    expect(await build().requestReversal(reversal)).toEqual({
      outcome: 'refused',
      code: '400.002.02',
      class: 'N',
    })
  })

  test.each<[string, Script]>([
    ['a reset', reset],
    ['an internal error', error(500, '500.003.1001', 'Internal Server Error')],
    ['garbage', raw(200, '{')],
  ])('is unknown after %s, and never sent twice', async (_name, script) => {
    server.on(REVERSAL, script)
    expect(await build().requestReversal(reversal)).toEqual(unknown)
    expect(server.count(REVERSAL)).toBe(1)
  })

  test('is not sent where no initiator is set up', async () => {
    const answer = await build({ initiator: undefined }).requestReversal(reversal)
    expect(answer).toMatchObject({ outcome: 'refused' })
    expect(server.received).toEqual([])
  })
})

test('ping tells whether anybody answers, and takes no token', async () => {
  const daraja = build()
  expect(await daraja.ping()).toBe(true)
  expect(server.count(OAUTH)).toBe(0)
  await server.close()
  expect(await daraja.ping()).toBe(false)
})

test('the log hears Daraja’s code, and no phone, password or token', async () => {
  server.on(PUSH, error(400, '400.002.02', 'Bad Request - Invalid PhoneNumber 254712345678'))
  const warn = jest.fn()
  await build({ log: { warn } }).requestStkPush(push)
  expect(warn).toHaveBeenCalledTimes(1)
  expect(warn).toHaveBeenCalledWith({ call: 'push', answer: '400.002.02' }, 'Daraja refused')
})

test('a security credential opens with the private key, and differs each time', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const [one, two] = [
    createSecurityCredential('Siri#1', pem),
    createSecurityCredential('Siri#1', pem),
  ]
  expect(Buffer.from(one, 'base64')).toHaveLength(256)
  expect(one).not.toBe(two)
  // Node opens PKCS#1 v1.5 by hand only (CVE-2023-46809), so the padding is read here.
  const key = { key: privateKey, padding: constants.RSA_NO_PADDING }
  const block = privateDecrypt(key, Buffer.from(one, 'base64'))
  expect([...block.subarray(0, 2)]).toEqual([0, 2])
  expect(block.subarray(block.indexOf(0, 2) + 1).toString('utf8')).toBe('Siri#1')
})
