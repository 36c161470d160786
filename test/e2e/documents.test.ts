/** Documents on the whole embedded stack: numbered, registered, mailed; and nobody's money waits for the authority. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { connectDatabase, selectOne, type Database } from '../../db/connection.ts'
import { answerPhone, createCustomer, trip } from '../support/customer.ts'
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
