import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { driveSimulator, PHONE, PIN, type Json } from './simulator-driver.ts'

let daraja: Awaited<ReturnType<typeof driveSimulator>>
beforeEach(async () => {
  daraja = await driveSimulator({ settings: { autopilot: { answer: 'pay', afterMs: 0 } } })
})
afterEach(() => daraja.stop())

const codes = () => daraja.posted.map(({ body }) => stk(body).ResultCode)
const stk = (body: Json) => (body as { Body: { stkCallback: Json } }).Body.stkCallback

describe('callbacks', () => {
  test('lost: the query still knows', async () => {
    await daraja.mood({ dropCallback: true })
    const { json } = await daraja.push()
    await daraja.advance(5_000)
    expect(daraja.posted).toHaveLength(0)
    expect((await daraja.query(json.CheckoutRequestID)).json.ResultCode).toBe('0')
  })
  test('five at once, only for this phone and only once', async () => {
    await daraja.mood({ callbackCopies: 5, times: 1 }, `phones/${PHONE}`)
    await daraja.push({ PhoneNumber: 254722000111 })
    await daraja.push()
    await daraja.advance(5_000)
    await daraja.push({ Amount: 2 })
    await daraja.advance(5_000)
    expect(daraja.posted).toHaveLength(7)
  })
  test('late, short by a shilling, odd in shape', async () => {
    const odd = { stringResultCode: true, balanceWithValue: true, extraItems: true }
    await daraja.mood({ callbackDelayMs: 30_000, callbackAmountOffset: -1, ...odd }, 'amounts/4500')
    await daraja.push()
    await daraja.advance(29_000)
    expect(daraja.posted).toHaveLength(0)
    await daraja.advance(5_000)
    const sent = stk(daraja.posted[0]?.body ?? {})
    expect(sent.ResultCode).toBe('0')
    expect(JSON.stringify(sent)).toContain('"Name":"Amount","Value":4499')
    expect(JSON.stringify(sent)).toContain('"Name":"Balance","Value":175500')
  })
  test('before the answer of the push', async () => {
    await daraja.mood({ callbackBeforeAnswer: true })
    const answered = daraja.push()
    await daraja.advance(0)
    expect(codes()).toEqual([0])
    expect((await answered).status).toBe(200)
  })
  test('with money, also from a phone that never rang before', async () => {
    const PhoneNumber = 254710123456
    await daraja.mood({ callbackBeforeAnswer: true })
    const answered = daraja.push({ PhoneNumber })
    await daraja.advance(5_000)
    expect((await answered).status).toBe(200)
    await daraja.mood({ callbackBeforeAnswer: false, lostCode: 1037, paysAfterLostMs: 3_000 })
    await daraja.push({ PhoneNumber: PhoneNumber + 1 })
    await daraja.advance(60_000)
    expect(codes()).toEqual([0, 1037, 0])
  })
  test('never, while the phone stays locked for three minutes', async () => {
    await daraja.mood({ neverResult: true, times: 1 })
    const { json } = await daraja.push()
    await daraja.advance(179_000)
    expect((await daraja.push()).status).toBe(500)
    await daraja.advance(2_000)
    expect((await daraja.push()).status).toBe(200)
    expect((await daraja.query(json.CheckoutRequestID)).json.ResultCode).toBe('4999')
  })
  test('looks lost, then the money comes', async () => {
    await daraja.mood({ paysAfterLostMs: 90_000 })
    const { json } = await daraja.push()
    await daraja.advance(5_000)
    expect(codes()).toEqual([1037])
    await daraja.advance(90_000)
    expect(codes()).toEqual([1037, 0])
    expect((await daraja.query(json.CheckoutRequestID)).json.ResultCode).toBe('0')
    expect(daraja.ledger().transactions[0]).toMatchObject({ status: 'paid', resultCode: 0 })
  })
  test('scripted verdicts', async () => {
    await daraja.mood({ resultCode: 'SFC_IC0003' })
    await daraja.push()
    await daraja.advance(5_000)
    expect(codes()).toEqual(['SFC_IC0003'])
  })
  test('forged, with the secret path of a real push', async () => {
    await daraja.mood({ neverResult: true })
    const { json } = await daraja.push()
    const forged = { checkoutRequestId: json.CheckoutRequestID, amount: 1 }
    const { status } = await daraja.send('POST', '/_control/callbacks/forge', forged)
    expect(status).toBe(200)
    expect(codes()).toEqual([0])
    expect(daraja.ledger().balances.merchant).toBe(0)
  })
})

describe('gateways', () => {
  test.each([
    ['outage', 503, 'Incapsula incident ID'],
    ['html-403', 403, 'Incapsula incident ID'],
    ['spike-arrest', 429, 'policies.ratelimit.SpikeArrestViolation'],
    ['busy', 500, '500.003.02'],
    ['garbage', 200, '{"ResponseCode":"0","Resp'],
  ])('%s answers %d', async (fault, status, text) => {
    await daraja.mood({ fault })
    const answer = await daraja.push()
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(text)
    expect(daraja.ledger().transactions).toHaveLength(0)
  })
  test('a token that expires mid-call works again when it is fresh', async () => {
    await daraja.mood({ fault: 'token-expired' })
    expect((await daraja.push()).json.errorCode).toBe('404.001.03')
    expect((await daraja.push()).json.errorCode).toBe('404.001.03')
    await daraja.freshToken()
    expect((await daraja.push()).status).toBe(200)
  })
  test('a slow answer comes after the prompt', async () => {
    await daraja.mood({ answerDelayMs: 20_000 })
    let answered = false
    const push = daraja.push().then(() => (answered = true))
    await daraja.advance(10_000)
    expect(codes()).toEqual([0])
    expect(answered).toBe(false)
    await daraja.advance(10_000)
    expect(await push).toBe(true)
  })
  test('a mood with an unknown field is refused', async () => {
    expect((await daraja.mood({ drop: true })).status).toBe(422)
  })
})

describe('reversal', () => {
  const paidReceipt = async () => {
    await daraja.push()
    await daraja.advance(3_000)
    return daraja.ledger().transactions[0]?.receipt
  }
  const results = () =>
    daraja.posted.flatMap(({ body }) => ('Result' in body ? [body.Result as Json] : []))

  test('is accepted at once and gives the money back later', async () => {
    const receipt = await paidReceipt()
    const { json } = await daraja.reverse(receipt)
    expect(json).toMatchObject({
      ConversationID: expect.stringMatching(/^AG_20261121_\w{20}$/),
      ResponseCode: '0',
    })
    expect(results()).toHaveLength(0)
    await daraja.advance(3_000)
    expect(results()[0]).toMatchObject({ ResultCode: 0, ConversationID: json.ConversationID })
    const { transactions, balances } = daraja.ledger()
    expect(transactions[0]?.reversedBy).toBe(results()[0]?.TransactionID)
    expect(balances).toMatchObject({ merchant: 0, phones: { [PHONE]: 180_000 } })
  })
  test.each<[string, number | string, Json]>([
    ['a wrong credential', 2001, { SecurityCredential: btoa('wrong') }],
    ['another amount', 2028, { Amount: 1 }],
    ['an unknown receipt', 'R000002', { TransactionID: 'UKL0000000' }],
  ])('with %s: %s, without parameters', async (_what, code, change) => {
    const receipt = await paidReceipt()
    expect((await daraja.reverse(receipt, change)).status).toBe(200)
    await daraja.advance(3_000)
    expect(results()[0]).toMatchObject({ ResultCode: code })
    expect(results()[0]).not.toHaveProperty('ResultParameters')
  })
  test('twice: R000001', async () => {
    const receipt = await paidReceipt()
    await daraja.reverse(receipt)
    await daraja.reverse(receipt)
    await daraja.advance(3_000)
    expect(results().map(({ ResultCode }) => ResultCode)).toEqual([0, 'R000001'])
  })
  test('needs the misspelled field, and can end in the queue', async () => {
    const receipt = await paidReceipt()
    const wrong = await daraja.reverse(receipt, { RecieverIdentifierType: '4' })
    expect(wrong.json.errorMessage).toBe('Bad Request - Invalid RecieverIdentifierType')
    await daraja.mood({ on: ['reversal'], queueTimeout: true })
    await daraja.reverse(receipt)
    await daraja.advance(3_000)
    expect(daraja.posted.at(-1)?.url).toContain('/timeout/')
    expect(daraja.ledger().balances.merchant).toBe(4_500)
  })
})

describe('pages', () => {
  test('a phone pays by its form, without a script and only from this site', async () => {
    await daraja.send('PATCH', '/_control/settings', { autopilot: null })
    await daraja.push()
    await daraja.advance(1_000)
    const wall = (await daraja.send('GET', '/')).text
    expect(wall).toContain('Do you want to pay KSh 4,500')
    // The Enter key presses the first of a form's buttons.
    expect(wall.indexOf('class="send"')).toBeLessThan(wall.indexOf('name="cancel"'))
    const post = (headers: Record<string, string>) =>
      daraja.app.request(`/phones/${PHONE}/answer`, {
        method: 'POST',
        body: new URLSearchParams({ pin: PIN, from: 'wall' }),
        headers,
      })
    expect((await post({ Origin: 'https://evil.example' })).status).toBe(403)
    const done = await post({ Origin: 'http://localhost' })
    expect(done.headers.get('Location')).toBe(`/#phone-${PHONE}`)
    await daraja.advance(1_000)
    const page = (await daraja.send('GET', `/phones/${PHONE}`)).text
    expect(page).toMatch(/UKL\w{7} Confirmed\. Ksh4,500\.00 sent to GARI LTD/)
  })
  test('another number gets a phone; what is no number is said so', async () => {
    const found = await daraja.send('GET', '/phones?number=0110%20000%20001')
    expect(found.status).toBe(303)
    const wrong = await daraja.send('GET', '/phones?number=12')
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('value="12"')
  })
  test('the control page sets a mood', async () => {
    const form = new URLSearchParams({ preset: 'outage', scope: 'global', value: '', once: 'no' })
    await daraja.app.request('/_control/presets', { method: 'POST', body: form })
    expect((await daraja.send('GET', '/_control')).text).toContain('&quot;fault&quot;:&quot;outage')
  })
})
