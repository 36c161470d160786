/** A charge on the whole stack: asked for by SMS, paid in three ways, told of, and given back when it is cancelled. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, select, selectOne, type Database } from '../../db/connection.ts'
import { negate, shillings, toDecimal } from '../../domain/money.ts'
import { answerPhone } from '../support/customer.ts'
import { payByHand } from '../support/hands.ts'
import { enterOffice, type Office } from '../support/office.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'

const WANJIKU = '254712345678'
const OTIENO = '254722000111'
const OTIENO_PIN = '2468'
const TOTAL = shillings(5_000)

let stack: Stack
let db: Database
beforeAll(async () => {
  stack = await startStack({}, 'charges')
  db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-tests' })
}, 180_000)
afterAll(async () => {
  await db?.close()
  await stack?.stop()
}, 60_000)

type Charge = { id: string; number: string; status: string; paid: string }
type Message = { to: string; text: string }

/** Who was told these words; as soon as so many were. */
const told = (words: string, times: number) =>
  eventually(`${times} were told “${words}”`, async () => {
    const answer = await fetch(`${stack.sms}/messages.json`)
    const { items } = (await answer.json()) as { items: Message[] }
    const found = items.filter(({ text }) => text.includes(words))
    return found.length >= times && found
  })

const until = (office: Office, id: string, so: (charge: Charge) => boolean) =>
  eventually('the charge has moved on', async () => {
    const found = (await office.read(`/charges/${id}`)) as Charge
    return so(found) && found
  })

const pay = async (office: Office, id: string, order: object) => {
  const { status, body } = await office.send(`/charges/${id}/payments`, order)
  expect([status, body]).toMatchObject([202, { charge_id: id }])
}

async function open(desk: Office): Promise<Charge> {
  const customer = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'wanjiku@example.com'",
  )
  const { status, body } = await desk.send('/charges', {
    type: 'deposit',
    amount: toDecimal(TOTAL),
    description: 'Deposit for the trailer',
    customer_id: customer?.id,
    parties: [
      { name: 'Wanjiku Kamau', phone: WANJIKU, share: '3000.00' },
      { name: 'Otieno Ouma', phone: OTIENO, share: '2000.00' },
    ],
  })
  expect(status).toBe(201)
  return body as Charge
}

const owed = async (id: string) => {
  const row = await selectOne<{ sum: string }>(
    db,
    `SELECT coalesce(sum(amount_cents), 0) AS sum FROM ledger_postings
     WHERE account = 'security_deposits' AND subject = $1`,
    [id],
  )
  return Number(row?.sum)
}

describe('a charge', () => {
  it('is asked for, paid by prompt, by hand and by card, and told of each time', async () => {
    const [desk, customer] = [await enterOffice(stack, 'desk'), await enterOffice(stack, 'wanjiku')]
    const { id, number } = await open(desk)
    const asked = await told(`is to be paid for ${number}`, 2)
    expect(asked.every(({ text }) => text.includes(`/charges/${id}/share/`))).toBe(true)

    await pay(customer, id, { phone: OTIENO, amount: '2000.00' })
    await answerPhone(stack, OTIENO, { pin: OTIENO_PIN })
    await until(desk, id, ({ paid }) => paid === '2000.00')
    await told(`We received KSh 2,000 from Otieno Ouma for ${number}`, 1)

    expect((await payByHand(stack, WANJIKU, 1_000, number)).receipt).toMatch(/^[A-Z0-9]{10}$/)
    await until(desk, id, ({ paid }) => paid === '3000.00')

    const card = { method: 'debit_card', terminal: 'T1', slip: '000777', amount: '2000.00' }
    await pay(desk, id, card)
    await until(desk, id, ({ status }) => status === 'paid')
    await told(`${number} is paid in full: KSh 5,000`, 2)
    // A deposit is owed, however it was paid.
    expect(await owed(id)).toBe(negate(TOTAL))

    expect((await desk.send(`/charges/${id}/cancel`, {})).body).toMatchObject({
      status: 'cancelled',
    })
    await told(`${number} (Deposit for the trailer) is cancelled`, 2)
    await eventually(
      'M-Pesa’s part is back',
      async () => {
        const rows = await select<{ status: string }>(
          db,
          "SELECT status FROM payments WHERE owner_id = $1 AND method = 'mpesa'",
          [id],
        )
        return rows.length === 2 && rows.every(({ status }) => status === 'refunded')
      },
      90_000,
    )
    expect(await owed(id)).toBe(0)
  }, 300_000)
})
