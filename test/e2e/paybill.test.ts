/** Money sent by hand to the paybill, on the whole stack: Safaricom asks first, then reports, and it is counted once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { answerPhone, createCustomer, trip } from '../support/customer.ts'
import { fromControl, mood, onThePaybill, payByHand, settings } from '../support/hands.ts'
import { enterOffice } from '../support/office.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'
import { readTold } from '../support/told.ts'

const CENTS = 100
const OTIENO = '254722000111'
const WANJIKU = '254712345678'
const MUTUA = '254701234321'

let stack: Stack
let db: Database

beforeAll(async () => {
  stack = await startStack({}, 'paybill')
  db = connectDatabase({
    url: stack.databaseUrl,
    pool: 2,
    applicationName: 'gari-tests',
    vault: stack.vault,
  })
}, 180_000)
afterAll(async () => {
  await db?.close()
  await stack?.stop()
}, 60_000)

type Registrations = { c2bUrls: { confirmationUrl: string } | null; pullShortCode: string | null }
type Payment = { id: string; channel: string; status: string; amount: string; receipt: string }

const paymentsFor = (ownerId: string) =>
  select<Payment>(
    db,
    `SELECT id, channel, status, amount_cents AS amount, receipt FROM payments WHERE owner_id = $1
     ORDER BY requested_at`,
    [ownerId],
  )
const entriesOf = async (paymentId: string) =>
  (
    await select(db, "SELECT 1 FROM ledger_entries WHERE kind = 'payment' AND reference = $1", [
      paymentId,
    ])
  ).length
const reported = (receipt: string, times: number) =>
  eventually(`${receipt} was reported ${times} times`, async () => {
    const posts = await readTold(db)
    return posts.filter((post) => JSON.stringify(post).includes(receipt)).length >= times
  })
/** The very report that came, once more. */
async function confirmAgain(receipt: string): Promise<number> {
  const posts = await readTold(db, "m.kind = 'paybill_confirmation'")
  const { body } = posts.find((post) => JSON.stringify(post).includes(receipt)) ?? { body: {} }
  const { c2bUrls } = await fromControl<Registrations>(stack, '/registrations')
  const headers = { 'content-type': 'application/json' }
  const told = { method: 'POST', headers, body: JSON.stringify(body) }
  return (await fetch(c2bUrls?.confirmationUrl ?? '', told)).status
}
/** No shilling is on one side only. */
async function expectSameMoney(): Promise<void> {
  const [row] = await select<{ sum: string }>(
    db,
    "SELECT coalesce(sum(amount_cents), 0) AS sum FROM ledger_postings WHERE account = 'mpesa_clearing'",
  )
  expect(Number(row?.sum)).toBe((await onThePaybill(stack)) * CENTS)
}

describe('at start', () => {
  it('Safaricom is told where to ask and report, and asked for its list', async () => {
    const known = await eventually('both are registered', async () => {
      const found = await fromControl<Registrations>(stack, '/registrations')
      return found.c2bUrls && found.pullShortCode ? found : null
    })
    expect(known.c2bUrls?.confirmationUrl).toContain(`${stack.baseUrl}/callbacks/paybill/confirm/`)
  })
})

describe('a customer at the phone’s own menu', () => {
  it('pays a booking by its number, however it is typed', async () => {
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ category: 'ECONOMY' }))
    const typed = held.number.toLowerCase().replaceAll('-', ' ')
    const { receipt } = await payByHand(stack, OTIENO, Number(held.total), typed)
    expect(receipt).toMatch(/^[A-Z0-9]{10}$/)
    await customer.until(held.id, 'confirmed')
    const [payment, ...others] = await paymentsFor(held.id)
    expect(payment).toMatchObject({ channel: 'paybill', status: 'settled', receipt })
    expect(others).toEqual([])
    await expectSameMoney()
  })

  it('is refused before any money moves when nobody has that number', async () => {
    expect(await payByHand(stack, OTIENO, 500, 'RSV26999999')).toEqual({ refused: 'C2B00012' })
    await expectSameMoney()
  })

  it('is counted once when Safaricom reports three times', async () => {
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ category: 'SUV' }))
    await mood(stack, OTIENO, { on: ['c2b'], callbackCopies: 3, times: 1 })
    const { receipt = '' } = await payByHand(stack, OTIENO, 700, held.number)
    await customer.until(held.id, 'processing')
    expect(await confirmAgain(receipt)).toBe(200)
    const [payment, ...others] = await paymentsFor(held.id)
    expect({ others, entries: await entriesOf(payment?.id ?? '') }).toEqual({
      others: [],
      entries: 1,
    })
    expect(await customer.read(held.id)).toMatchObject({ paid: '700.00' })
    await expectSameMoney()
  })
})

describe('one receipt told as the answer to a prompt and as money by hand', () => {
  it.each([
    ['the answer first', 'c2b', WANJIKU, '1234'],
    ['the confirmation first', 'stk-push', MUTUA, '8080'],
  ])('is one payment: %s', async (_order, late, phone, pin) => {
    const customer = await createCustomer(stack)
    await settings(stack, { confirmPushes: true })
    await mood(stack, phone, { on: [late], callbackDelayMs: 1_500 })
    const held = await customer.held(trip({ category: 'VAN' }))
    const { body } = await customer.pay(held.id, phone, held.total.replace('.00', ''))
    await answerPhone(stack, phone, { pin })
    await customer.until(held.id, 'confirmed')
    const { receipt } = await customer.payment(String(body['id']))
    await reported(String(receipt), 2)
    const [payment, ...others] = await paymentsFor(held.id)
    expect(payment).toMatchObject({ id: body['id'], channel: 'prompt', status: 'settled' })
    expect({ others, entries: await entriesOf(payment?.id ?? '') }).toEqual({
      others: [],
      entries: 1,
    })
    await settings(stack, { confirmPushes: false })
    await expectSameMoney()
  })
})

describe('money that names nobody', () => {
  it('waits for finance when Safaricom does not ask us first, and counts where finance says', async () => {
    await settings(stack, { c2bValidation: false })
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ category: 'PICKUP' }))
    const { receipt } = await payByHand(stack, OTIENO, Number(held.total), 'MOM')
    const finance = await enterOffice(stack, 'finance')
    const listed = await eventually('it stands in the queue', async () => {
      const { items } = (await finance.read('/unmatched-payments')) as { items: object[] }
      return items.find((one) => (one as { receipt: string }).receipt === receipt)
    })
    expect(listed).toMatchObject({ amount: held.total, reference: 'MOM' })
    const wish = { purpose: 'reservation', owner_id: held.id, why: 'Her mother called us' }
    const path = `/unmatched-payments/${receipt}/allocate`
    expect(await finance.send(path, wish)).toMatchObject({ status: 200 })
    await customer.until(held.id, 'confirmed')
    expect(await finance.send(path, wish)).toMatchObject({ status: 404 })
    await settings(stack, { c2bValidation: true })
    await expectSameMoney()
  })
})
