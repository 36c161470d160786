/** Requests of the API operator: reversal, payout, status, balance. Taken at once, judged later. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { driveSimulator, newHome, PHONE, type Json } from './simulator-driver.ts'
import { credentialOf, RESULT_URL, TIMEOUT_URL } from './wire-bodies.ts'

let daraja: Awaited<ReturnType<typeof driveSimulator>>
beforeEach(async () => {
  daraja = await driveSimulator()
})
afterEach(() => daraja.stop())

const RESULT_MS = 2_000
const fund = (amount = 10_000) => daraja.transfer('bank', 'utility', amount)
const received = async (amount = 4_500) => {
  const { json } = await daraja.payByHand({ amount, account: 'RSV26000123' })
  return json.receipt
}
const lastResult = async () => {
  await daraja.advance(RESULT_MS)
  return daraja.results().at(-1) ?? {}
}
type Parameters = { ResultParameter: { Key: string; Value?: unknown }[] }
const parametersOf = (result: Json) => (result.ResultParameters as Parameters).ResultParameter
const valueOf = (result: Json, key: string) =>
  parametersOf(result).find(({ Key }) => Key === key)?.Value

/** The four of them, each with something to act on. */
const REQUESTS: Record<string, (change?: Json) => ReturnType<typeof daraja.payOut>> = {
  reversal: async (change) => daraja.reverse(await received(), change),
  b2c: (change) => daraja.payOut(change),
  'transaction-status': async (change) =>
    daraja.askStatus({ TransactionID: await received(77), ...change }),
  'account-balance': (change) => daraja.askBalance(change),
}
const ask = (product: string, change?: Json) => REQUESTS[product]?.(change) ?? daraja.payOut()

describe.each(Object.keys(REQUESTS))('%s', (product) => {
  beforeEach(() => fund())

  test('is acknowledged at once and reported later, by both ids', async () => {
    const { status, json } = await ask(product)
    expect(status).toBe(200)
    expect(json).toEqual({
      OriginatorConversationID: expect.any(String),
      ConversationID: expect.stringMatching(/^AG_20261121_\w{20}$/),
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    })
    expect(daraja.results()).toEqual([])
    const result = await lastResult()
    expect(result).toMatchObject({
      ResultType: 0,
      ResultCode: 0,
      OriginatorConversationID: json.OriginatorConversationID,
      ConversationID: json.ConversationID,
      TransactionID: expect.stringMatching(/^UKL[0-9A-Z]{7}$/),
      ReferenceData: { ReferenceItem: { Key: 'QueueTimeoutURL', Value: TIMEOUT_URL } },
    })
    expect(daraja.posted.at(-1)?.url).toBe(RESULT_URL)
  })
  test('with a wrong credential is acknowledged too; then 2001, without parameters', async () => {
    const wrong = credentialOf('another password', daraja.simulator.keys.certificatePem)
    expect((await ask(product, { SecurityCredential: wrong })).status).toBe(200)
    const result = await lastResult()
    expect(result).toMatchObject({ ResultCode: 2001, TransactionID: 'UKL0000000' })
    expect(result).not.toHaveProperty('ResultParameters')
  })
  test('refuses a field that is missing', async () => {
    const { json } = await ask(product, { ResultURL: undefined })
    expect(json.errorMessage).toBe('Bad Request - Invalid ResultURL')
  })
  test('tells the time-out only, and does nothing', async () => {
    await daraja.mood({ on: [product], queueTimeout: true })
    const { json } = await ask(product)
    const [before] = [daraja.ledger().balances]
    await daraja.advance(60_000)
    expect(daraja.posted.map(({ url }) => url)).toEqual([TIMEOUT_URL])
    expect(daraja.results()[0]).toMatchObject({
      ResultType: 1,
      ResultCode: '1',
      ConversationID: json.ConversationID,
    })
    expect(daraja.ledger().balances).toEqual(before)
  })
  test('tells the time-out, and the result after it', async () => {
    const late = { queueTimeout: true, executesAfterTimeoutMs: 30_000 }
    await daraja.mood({ on: [product], ...late })
    await ask(product)
    await daraja.advance(RESULT_MS)
    expect(daraja.posted.map(({ url }) => url)).toEqual([TIMEOUT_URL])
    await daraja.advance(30_000)
    expect(daraja.posted.map(({ url }) => url)).toEqual([TIMEOUT_URL, RESULT_URL])
    expect(daraja.results()[1]).toMatchObject({ ResultCode: 0 })
  })
  test('tells nothing at all', async () => {
    await daraja.mood({ on: [product], neverResult: true })
    expect((await ask(product)).status).toBe(200)
    await daraja.advance(600_000)
    expect(daraja.posted).toEqual([])
  })
})

describe('a credential', () => {
  test.each([
    ['base64 of the password', btoa('gari-local-operator-2026')],
    ['no base64 of anything', 'AAAA'],
  ])('that is %s is wrong', async (_what, SecurityCredential) => {
    await daraja.payOut({ SecurityCredential })
    expect((await lastResult()).ResultCode).toBe(2001)
  })
  test('of an unknown operator is wrong and locks nobody', async () => {
    await fund()
    for (let count = 0; count < 6; count += 1) await daraja.payOut({ InitiatorName: 'nobody' })
    expect((await lastResult()).ResultCode).toBe(2001)
    await daraja.payOut()
    expect((await lastResult()).ResultCode).toBe(0)
  })
  test('wrong five times in a row locks the operator until somebody unlocks it', async () => {
    await fund()
    for (let count = 0; count < 5; count += 1) await daraja.payOut({ SecurityCredential: 'AAAA' })
    await daraja.payOut()
    expect((await lastResult()).ResultCode).toBe(8006)
    expect((await daraja.control('GET', '/operator')).json).toMatchObject({ locked: true })
    await daraja.unlockOperator()
    await daraja.payOut()
    expect((await lastResult()).ResultCode).toBe(0)
  })
})

describe('a reversal', () => {
  test('of money that the paybill no longer has: 1', async () => {
    const receipt = await received()
    await daraja.transfer('utility', 'bank', 1)
    await daraja.reverse(receipt)
    expect((await lastResult()).ResultCode).toBe(1)
  })
  test('sends a payment by hand back, once', async () => {
    const receipt = await received()
    await daraja.reverse(receipt)
    const result = await lastResult()
    expect(valueOf(result, 'OriginalTransactionID')).toBe(receipt)
    expect(valueOf(result, 'CreditPartyPublicName')).toBe(`${PHONE} - Wanjiku Kamau`)
    await daraja.reverse(receipt)
    expect((await lastResult()).ResultCode).toBe('R000001')
    expect(daraja.ledger().movements).toEqual([
      expect.objectContaining({ kind: 'paybill', amount: 4500, receipt, original: null }),
      expect.objectContaining({
        kind: 'reversal',
        amount: -4500,
        receipt: result.TransactionID,
        original: receipt,
        party: PHONE,
        balance: 0,
      }),
    ])
  })
  test('of a payout: R000002', async () => {
    await fund()
    await daraja.payOut()
    await daraja.reverse((await lastResult()).TransactionID, { Amount: 500 })
    expect((await lastResult()).ResultCode).toBe('R000002')
  })
})

describe('a payout', () => {
  test('moves the money, with its result in Daraja’s own times', async () => {
    await fund()
    await daraja.payOut()
    const result = await lastResult()
    expect(Object.fromEntries(parametersOf(result).map(({ Key, Value }) => [Key, Value]))).toEqual({
      TransactionReceipt: result.TransactionID,
      TransactionAmount: 500,
      B2CChargesPaidAccountAvailableFunds: '0.00',
      B2CRecipientIsRegisteredCustomer: 'Y',
      TransactionCompletedDateTime: '21.11.2026 10:15:32',
      ReceiverPartyPublicName: `${PHONE} - Wanjiku Kamau`,
      B2CWorkingAccountAvailableFunds: 0,
      B2CUtilityAccountAvailableFunds: 9500,
    })
    expect(daraja.ledger().balances).toMatchObject({ merchant: 9500, phones: { [PHONE]: 180_500 } })
    expect((await daraja.send('GET', `/phones/${PHONE}`)).text).toContain(
      'You have received Ksh500.00 from GARI LTD',
    )
  })
  test('with an id of ours that was used before is refused at once', async () => {
    await fund()
    const OriginatorConversationID = randomUUID()
    const { json } = await daraja.payOut({ OriginatorConversationID })
    expect(json.OriginatorConversationID).toBe(OriginatorConversationID)
    expect(await daraja.payOut({ OriginatorConversationID })).toMatchObject({
      status: 500,
      json: {
        errorCode: '500.002.1001',
        errorMessage: 'Duplicate OriginatorConversationID.',
      },
    })
    await daraja.advance(RESULT_MS)
    expect(daraja.ledger().payouts).toHaveLength(1)
  })
  test('by v1 needs no such id, by v3 it does', async () => {
    const nameless = { OriginatorConversationID: undefined }
    expect((await daraja.payOut(nameless, 'v1')).status).toBe(200)
    expect((await daraja.payOut(nameless)).json.errorMessage).toBe(
      'Bad Request - Invalid OriginatorConversationID',
    )
  })
  test('is short of money in the utility account, whatever the working account has', async () => {
    await daraja.transfer('bank', 'working', 10_000)
    await daraja.payOut()
    expect((await lastResult()).ResultCode).toBe(1)
    await daraja.transfer('working', 'utility', 500)
    await daraja.payOut()
    expect((await lastResult()).ResultCode).toBe(0)
  })
  test.each<[number | string, string, Json]>([
    [2, 'less than ten shillings', { Amount: 9 }],
    [3, 'more than 250,000', { Amount: 250_001 }],
    [8, 'more than a wallet holds', { PartyB: 254701234321, Amount: 200_000 }],
    [2028, 'another shortcode', { PartyA: 600000 }],
    ['SFC_IC0003', 'a number that is none', { PartyB: 254200000000 }],
  ])('%s: %s', async (code, _what, change) => {
    await fund(1_000_000)
    await daraja.payOut(change)
    expect((await lastResult()).ResultCode).toBe(code)
    expect(daraja.ledger().balances.merchant).toBe(1_000_000)
  })
  test('2040 to a number without M-Pesa', async () => {
    await fund()
    await daraja.changePhone({ registered: false })
    await daraja.payOut()
    expect((await lastResult()).ResultCode).toBe(2040)
  })
  test('costs what Safaricom takes', async () => {
    await fund(1_000)
    await daraja.changeSettings({ payoutCharge: 7 })
    await daraja.payOut()
    const result = await lastResult()
    expect(valueOf(result, 'B2CChargesPaidAccountAvailableFunds')).toBe('-7.00')
    const { balances, movements } = daraja.ledger()
    expect(balances).toMatchObject({ utility: 493, chargesPaid: 7 })
    expect(movements.map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
      'transfer 1000',
      'payout -500',
      'charge -7',
    ])
    expect(movements[2]?.receipt).toBe(movements[1]?.receipt)
  })
  test('executed, but its result is lost', async () => {
    await fund()
    await daraja.mood({ on: ['b2c'], dropCallback: true }, `phones/${PHONE}`)
    await daraja.payOut()
    await daraja.advance(60_000)
    expect(daraja.posted).toEqual([])
    expect(daraja.ledger().balances.merchant).toBe(9_500)
  })
  test('executed, but the answer to the request is lost', async () => {
    await fund()
    await daraja.mood({ on: ['b2c'], neverAnswer: true }, 'amounts/500')
    let answered = false
    const asking = daraja.payOut().then(() => (answered = true))
    await daraja.advance(100_000)
    expect(answered).toBe(false)
    expect(daraja.results()[0]).toMatchObject({ ResultCode: 0 })
    await daraja.advance(20_000)
    await asking
  })
  test('executed, but the connection breaks before the answer', async () => {
    await fund()
    await daraja.mood({ on: ['b2c'], breakAnswer: true })
    expect(await daraja.payOut()).toMatchObject({ status: 503, text: '' })
    expect(await lastResult()).toMatchObject({ ResultCode: 0 })
    expect(daraja.ledger().balances.merchant).toBe(9_500)
  })
  test('that waited when the process died is done by the next one, once', async () => {
    const home = newHome()
    const before = await driveSimulator({ home })
    await before.transfer('bank', 'utility', 1_000)
    await before.payOut()
    const after = await driveSimulator({ home })
    await after.advance(RESULT_MS)
    expect(after.results()).toEqual([expect.objectContaining({ ResultCode: 0 })])
    expect(after.ledger().balances.merchant).toBe(500)
    before.stop()
    after.stop()
  })
})

describe('a result', () => {
  beforeEach(() => fund())
  const shaped = async (...resultShapes: string[]) => {
    await daraja.mood({ on: ['b2c'], resultShapes })
    const { json } = await daraja.payOut()
    return { ack: json, result: await lastResult() }
  }
  test('may repeat a key', async () => {
    const { result } = await shaped('repeated-keys')
    const keys = parametersOf(result).map(({ Key }) => Key)
    expect(keys.filter((key) => key === 'TransactionReceipt')).toHaveLength(2)
  })
  test('may have one parameter in place of a list', async () => {
    const { result } = await shaped('one-object')
    expect(result.ResultParameters).toEqual({
      ResultParameter: { Key: 'TransactionReceipt', Value: result.TransactionID },
    })
  })
  test('may have texts for numbers and a list for its reference', async () => {
    const { result } = await shaped('text-values', 'reference-list')
    expect(valueOf(result, 'TransactionAmount')).toBe('500')
    expect(result.ReferenceData).toEqual({ ReferenceItem: [expect.any(Object)] })
  })
  test('may name another originator', async () => {
    const { ack, result } = await shaped('other-originator')
    expect(result.OriginatorConversationID).not.toBe(ack.OriginatorConversationID)
    expect(result.ConversationID).toBe(ack.ConversationID)
  })
  test('may be flat when it is a time-out', async () => {
    await daraja.mood({ on: ['b2c'], queueTimeout: true, resultShapes: ['flat-timeout'] })
    const { json } = await daraja.payOut()
    await daraja.advance(RESULT_MS)
    expect(daraja.posted[0]?.body).toMatchObject({ ConversationID: json.ConversationID })
  })
  test('may say its code as a text, in free words', async () => {
    const words = 'The initiator has no balance left today'
    await daraja.mood({ on: ['b2c'], stringResultCode: true, resultCode: 21, resultDesc: words })
    await daraja.payOut()
    expect(await lastResult()).toMatchObject({ ResultCode: '21', ResultDesc: words })
    expect(daraja.ledger().balances.merchant).toBe(10_000)
  })
})

describe('a status', () => {
  test('of a payment, by receipt; DebitPartyName comes twice', async () => {
    const TransactionID = await received()
    await daraja.askStatus({ TransactionID })
    const result = await lastResult()
    expect(valueOf(result, 'TransactionStatus')).toBe('Completed')
    expect(valueOf(result, 'ReceiptNo')).toBe(TransactionID)
    expect(valueOf(result, 'Amount')).toBe('4500.00')
    expect(valueOf(result, 'FinalisedTime')).toBe(20261121101530)
    expect(parametersOf(result)).toContainEqual({ Key: 'TransactionReason' })
    const debit = parametersOf(result).filter(({ Key }) => Key === 'DebitPartyName')
    expect(debit.map(({ Value }) => Value)).toEqual([
      `${PHONE} - Wanjiku Kamau`,
      `${PHONE} - Wanjiku Kamau`,
    ])
  })
  test.each(['ConversationID', 'OriginatorConversationID'])(
    'of a payout whose result was lost, by its %s',
    async (id) => {
      await fund()
      await daraja.mood({ on: ['b2c'], dropCallback: true })
      const { json } = await daraja.payOut()
      const before = { OriginalConversationID: json[id] }
      await daraja.mood({ on: ['transaction-status'], resultAfterMs: 0 })
      await daraja.askStatus(before)
      await daraja.advance(0)
      expect(valueOf(daraja.results().at(-1) ?? {}, 'TransactionStatus')).toBe('Authorized')
      await daraja.clearMoods()
      await daraja.advance(RESULT_MS)
      await daraja.askStatus(before)
      const result = await lastResult()
      expect(valueOf(result, 'TransactionStatus')).toBe('Completed')
      expect(valueOf(result, 'ReceiptNo')).toBe(daraja.ledger().payouts[0]?.receipt)
    },
  )
  test('of a payout that failed is Declined', async () => {
    const { json } = await daraja.payOut()
    await daraja.advance(RESULT_MS)
    await daraja.askStatus({ OriginalConversationID: json.ConversationID })
    expect(valueOf(await lastResult(), 'TransactionStatus')).toBe('Declined')
  })
  test.each<[string, number, Json]>([
    ['an unknown receipt', 2032, { TransactionID: 'UKL0000000' }],
    ['an unknown conversation', 2032, { OriginalConversationID: 'nothing' }],
    ['nothing in particular', 25, {}],
  ])('of %s: %d', async (_what, code, question) => {
    await daraja.askStatus(question)
    expect((await lastResult()).ResultCode).toBe(code)
  })
})

test('a balance names every account, what can be spent first', async () => {
  await fund(1_500)
  await daraja.transfer('utility', 'working', 300)
  await daraja.askBalance()
  const result = await lastResult()
  expect(valueOf(result, 'AccountBalance')).toBe(
    [
      'Working Account|KES|300.00|300.00|0.00|0.00',
      'Float Account|KES|0.00|0.00|0.00|0.00',
      'Utility Account|KES|1200.00|1200.00|0.00|0.00',
      'Charges Paid Account|KES|0.00|0.00|0.00|0.00',
      'Organization Settlement Account|KES|0.00|0.00|0.00|0.00',
    ].join('&'),
  )
  expect(valueOf(result, 'BOCompletedTime')).toBe(20261121101532)
})
