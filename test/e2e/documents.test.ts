/** Documents on the whole embedded stack: numbered, registered, mailed; and nobody's money waits for the authority. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { connectDatabase, selectOne, type Database } from '../../db/connection.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { answerPhone, call, createCustomer, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'

let stack: Stack
let db: Database
beforeAll(async () => {
  stack = await startStack({}, 'e2e-documents')
  db = connectDatabase({ url: stack.databaseUrl, pool: 4, applicationName: 'gari-tests' })
}, 180_000)
afterAll(async () => {
  await db?.close()
  await stack?.stop()
}, 60_000)

const mood = (word: string) =>
  fetch(`${stack.etims}/_control`, { method: 'POST', body: JSON.stringify({ mood: word }) })

type Mail = { subject: string; attachments: { filename: string }[] }
const mailed = async (number: string) => {
  const { items } = (await (await fetch(`${stack.mailbox}/messages.json`)).json()) as {
    items: Mail[]
  }
  return items.filter(({ subject }) => subject.includes(number))
}

/** Books and pays; answers when the booking is confirmed. */
async function rent(category: string, phone: string, pin: string, amount: string) {
  const customer = await createCustomer(stack)
  const held = await customer.held(trip({ category }))
  await customer.pay(held.id, phone, amount)
  await answerPhone(stack, `254${phone.slice(1)}`, { pin })
  await customer.until(held.id, 'confirmed')
  return held.id
}

/** Answers fresh headers for each request. */
async function signIn(who: string) {
  const login = { email: `${who}@example.com`, password: SAMPLE_PASSWORD }
  const { body } = await call(stack, 'POST', '/auth/login', login)
  return () => ({
    authorization: `Bearer ${String(body['access_token'])}`,
    'idempotency-key': randomUUID(),
  })
}

type Row = { number: string; status: string; etims: { invoiceNumber: string } | null }
const invoiceOf = (ownerId: string) =>
  selectOne<Row>(
    db,
    'SELECT number, status, etims FROM invoices WHERE owner_id = $1 AND number IS NOT NULL',
    [ownerId],
  )
const registered = (ownerId: string) =>
  eventually('the control number', async () => {
    const row = await invoiceOf(ownerId)
    return row?.etims && row
  })

it('a paid booking has an invoice with a control number and a receipt, and the invoice is mailed', async () => {
  const id = await rent('SEDAN', '0712345678', '1234', '10000')
  const { number, etims } = await registered(id)
  expect(number).toMatch(/^INV-\d\d-\d{6}$/)
  expect(etims?.invoiceNumber).toMatch(/^KRACU0100000001\/\d+$/)
  const [mail] = await eventually('the mail', async () => {
    const found = await mailed(number)
    return found.length > 0 && found
  })
  expect(mail?.attachments.map(({ filename }) => filename)).toEqual([`${number}.pdf`])
  const receipt = await eventually('the receipt', () =>
    selectOne(
      db,
      'SELECT r.number FROM receipts r JOIN payments p ON p.id = r.payment_id WHERE p.owner_id = $1',
      [id],
    ),
  )
  expect(receipt).toEqual({ number: expect.stringMatching(/^RCT-/) })
})

it('part of the money goes back: a credit note follows by itself, registered after its invoice', async () => {
  const id = await rent('ECONOMY', '0722000111', '2468', '7000')
  const { number } = await registered(id)
  const payment = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM payments WHERE owner_id = $1 AND status = 'settled'",
    [id],
  )
  const finance = await signIn('finance')
  const wish = { amount: '1000', reason: 'the car was late' }
  const asked = await call(stack, 'POST', `/payments/${payment?.id}/refund`, wish, finance())
  expect(asked.status).toBe(202)
  const note = await eventually('the credit note', () =>
    selectOne<{ number: string; gross: number }>(
      db,
      `SELECT n.number, n.gross_cents::int AS gross FROM credit_notes n JOIN invoices i ON i.id = n.invoice_id
       WHERE i.number = $1 AND n.etims IS NOT NULL`,
      [number],
    ),
  )
  expect(note).toEqual({ number: expect.stringMatching(/^CRN-/), gross: 100_000 })
  await eventually('its mail', async () => (await mailed(note.number)).length === 1)
})

it('a charge that is paid is invoiced, a deposit is not', async () => {
  const customer = await createCustomer(stack)
  const held = await customer.held(trip({ category: 'SUV' }))
  const desk = await signIn('desk')
  const charge = async (type: string, amount: string) => {
    const wish = {
      type,
      description: `A ${type}`,
      amount,
      reservation_id: held.id,
      parties: [{ name: 'Chebet Langat', phone: '0768430921' }],
    }
    const made = await call(stack, 'POST', '/charges', wish, desk())
    expect({ status: made.status, body: made.body }).toMatchObject({ status: 201 })
    const id = String(made.body['id'])
    const pay = { phone: '0768430921', amount }
    expect((await call(stack, 'POST', `/charges/${id}/payments`, pay, desk())).status).toBe(202)
    await answerPhone(stack, '254768430921', { pin: '2026' })
    await eventually('the receipt', () =>
      selectOne(
        db,
        'SELECT r.number FROM receipts r JOIN payments p ON p.id = r.payment_id WHERE p.owner_id = $1',
        [id],
      ),
    )
    return id
  }
  const deposit = await charge('deposit', '1000')
  const damage = await charge('damage', '1500')
  expect((await registered(damage)).status).toBe('paid')
  expect(await invoiceOf(deposit)).toBeNull()
})

it('while eTIMS is down money and bookings go on, and the invoice is registered afterwards, once', async () => {
  await mood('down')
  const id = await rent('VAN', '0701234321', '8080', '22000')
  const waiting = await eventually('the invoice is paid', async () => {
    const row = await invoiceOf(id)
    return row?.status === 'paid' && row
  })
  expect(waiting.etims).toBeNull()
  expect(await mailed(waiting.number)).toEqual([])
  await mood('good')
  await registered(id)
  await eventually('the mail', async () => (await mailed(waiting.number)).length === 1)
})
