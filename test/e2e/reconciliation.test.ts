/**
 * Our books against M-Pesa's, on the whole stack: its list (Pull), its balance and the portal's statement. Whatever
 * happened to the reports, what people do about it ends in an empty report.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { answerPhone, createCustomer, trip } from '../support/customer.ts'
import {
  mood,
  type Mood,
  onThePaybill,
  payByHand,
  payOutAtThePortal,
  settings,
} from '../support/hands.ts'
import {
  compare,
  enterOffice,
  importBankFile,
  uploadStatement,
  type Office,
} from '../support/office.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'

const PIN = '1234'
const CENTS = 100
let stack: Stack
let db: Database
let customer: Awaited<ReturnType<typeof createCustomer>>
let finance: Office

beforeAll(async () => {
  stack = await startStack({}, 'reconciliation')
  db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-tests' })
  await settings(stack, { resultDelayMs: 0 })
  customer = await createCustomer(stack)
  finance = await enterOffice(stack, 'finance')
}, 180_000)
afterAll(async () => {
  await db?.close()
  await stack?.stop()
}, 60_000)

type Held = { id: string; number: string; total: string }
const whole = ({ total }: Held) => total.replace('.00', '')

/** Books, and pays all of it on this phone while M-Pesa is in that mood. */
async function payOnPhone(category: string, phone: string, how: Mood = {}): Promise<Held> {
  await mood(stack, phone, how)
  const held = await customer.held(trip({ category }))
  await customer.pay(held.id, phone, whole(held))
  await answerPhone(stack, phone, { pin: PIN })
  return held
}
const confirmed = (held: Held) => customer.until(held.id, 'confirmed', 60_000)

/** As if it had all happened six minutes before: younger lines may be ahead of their report. */
async function sixMinutesLater(): Promise<void> {
  await select(db, "UPDATE provider_lines SET at = at - interval '6 minutes' RETURNING id")
  await select(
    db,
    "UPDATE reservations SET created_at = created_at - interval '6 minutes' RETURNING id",
  )
  await select(
    db,
    `UPDATE payments SET requested_at = requested_at - interval '6 minutes',
       prompted_at = prompted_at - interval '6 minutes' RETURNING id`,
  )
}
const receiptOf = async ({ id }: Held) =>
  (
    await select<{ receipt: string | null }>(
      db,
      'SELECT receipt FROM payments WHERE owner_id = $1',
      [id],
    )
  )[0]?.receipt

const exported = async (query: string): Promise<string[][]> => {
  const answer = await fetch(`${stack.simulator}/_control/statement.csv?${query}`)
  return parse(await answer.text(), { relax_column_count: true })
}
/** Some exports have a column that nobody has told us about. */
const withUnknownColumn = (rows: string[][]): string => {
  const head = rows.findIndex(([first]) => first === 'Receipt No.')
  const extra = (row: string[], index: number) => [...row, index === head ? 'Biller Code' : '77']
  return stringify(rows.map((row, index) => (index < head ? row : extra(row, index))))
}
const expectSameMoney = async () => {
  const [row] = await select<{ sum: string }>(
    db,
    "SELECT sum(amount_cents) AS sum FROM ledger_postings WHERE account = 'mpesa_clearing'",
  )
  expect(Number(row?.sum)).toBe((await onThePaybill(stack)) * CENTS)
}

describe('payments whose reports were lost, doubled and reordered', () => {
  let lost: Held
  let untold: Held

  it('are settled, but for what only M-Pesa’s list can tell', async () => {
    const plain = await payOnPhone('ECONOMY', '254733000001')
    const doubled = await payOnPhone('SEDAN', '254733000002', { callbackCopies: 3 })
    const first = await payOnPhone('SUV', '254733000003', { callbackReorderMs: 1_500 })
    const second = await payOnPhone('4X4', '254733000004', { callbackReorderMs: 1_500 })
    lost = await payOnPhone('VAN', '254733000005', { dropCallback: true })
    untold = await customer.held(trip({ category: 'PICKUP' }))
    await mood(stack, '254733000006', { on: ['c2b'], dropCallback: true })
    await payByHand(stack, '254733000006', Number(untold.total), untold.number)
    const byHand = await customer.held(trip({ category: 'SEDAN' }))
    await payByHand(stack, '254733000007', Number(byHand.total), byHand.number)
    for (const held of [plain, doubled, first, second, byHand, lost]) await confirmed(held)
    expect(await receiptOf(lost)).toBeNull()
    expect(await customer.read(untold.id)).toMatchObject({ status: 'pending' })
  }, 120_000)

  it('and money that went back by payout, because its reversal was refused', async () => {
    const phone = '254733000008'
    const held = await payOnPhone('VAN', phone)
    await confirmed(held)
    await mood(stack, phone, { on: ['reversal'], resultCode: 'R000002' })
    await customer.cancel(held.id)
    await eventually('the refund', async () => {
      const [row] = await select<{ method: string; status: string }>(
        db,
        'SELECT r.method, r.status FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.owner_id = $1',
        [held.id],
      )
      return row?.status === 'settled' && row.method === 'payout'
    })
  }, 90_000)

  it('are not judged while they are young, but a balance that differs is told', async () => {
    const { run, findings } = await compare(finance, 'full')
    expect(run).toMatchObject({ status: 'differences', notes: [] })
    expect(findings.map(({ kind }) => kind)).toEqual(['balance_differs'])
    expect(run['difference']).toBe(`-${untold.total}`)
  }, 150_000)

  it('then fit line by line: the lost receipt is found, the untold money pays its booking', async () => {
    await sixMinutesLater()
    const { run, findings } = await compare(finance, 'full')
    expect(findings).toEqual([])
    expect(run).toMatchObject({ status: 'clean', left_over: 0, difference: '0.00' })
    expect(await receiptOf(lost)).toMatch(/^[A-Z0-9]{10}$/)
    await confirmed(untold)
    await expectSameMoney()
  }, 150_000)
})

describe('money that a person paid out at the portal', () => {
  const amount = 700

  it('is found in a statement, whose unknown column is named and whose doubled line counts once', async () => {
    await payOutAtThePortal(stack, '254733000009', amount)
    await eventually('it has left', async () => (await exported('')).flat().includes('-700.00'))
    const rows = await exported('twice=yes')
    const { run, findings } = await uploadStatement(stack, finance, withUnknownColumn(rows))
    const lines = rows.length - rows.findIndex(([first]) => first === 'Receipt No.') - 1
    expect(run).toMatchObject({ read_lines: lines, new_lines: lines - 1 })
    expect(run['notes']).toEqual([expect.stringContaining('Biller Code')])
    expect(findings.map(({ kind }) => kind)).toEqual(['balance_differs'])
    await sixMinutesLater()
    const later = await compare(finance, 'full')
    expect(later.findings.map(({ kind }) => kind).toSorted()).toEqual([
      'balance_differs',
      'unknown_money_out',
    ])
  }, 240_000)

  it('leaves an empty report once finance has said what it was', async () => {
    const { findings } = await compare(finance, 'pull')
    const found = findings.find(({ kind }) => kind === 'unknown_money_out')
    const path = `/finance/reconciliation/findings/${found?.id}`
    const why = { reason: 'The garage in Nyeri, paid from the portal', account: 'write_offs' }
    await finance.submit(path, `${path}/explain`, why)
    const after = await compare(finance, 'full')
    expect(after.findings).toEqual([])
    expect(after.run).toMatchObject({ status: 'clean', left_over: 0, difference: '0.00' })
    await expectSameMoney()
  }, 240_000)

  it('and the same statement again brings nothing new', async () => {
    const { run, findings } = await uploadStatement(stack, finance, stringify(await exported('')))
    expect(run).toMatchObject({ status: 'clean', new_lines: 0, left_over: 0 })
    expect(findings).toEqual([])
  }, 150_000)
})

describe('bank money that nobody announced', () => {
  it('stands on the worklist, is suggested for its booking, and confirms it when finance says so', async () => {
    const held = await customer.held(trip({ category: 'SUV' }))
    const description = `EFT ${held.number} THANKS`
    const row = { reference: 'ZZ000001', description, amount: whole(held) }
    const { findings } = await importBankFile(finance, [row])
    expect(findings.map(({ kind }) => kind)).toEqual(['bank_line'])
    const [line] = (await finance.read('/bank-lines'))['items'] as [
      { id: string; suggestions: { owner_id: string; number: string }[] },
    ]
    expect(line.suggestions[0]).toMatchObject({ owner_id: held.id, number: held.number })
    const wish = { purpose: 'reservation', owner_id: held.id, why: 'The slip names it' }
    const given = await finance.send(`/bank-lines/${line.id}/allocate`, wish)
    expect(given.body).toMatchObject({ applied: held.total, credited: '0.00' })
    await confirmed(held)
    const again = await importBankFile(finance, [row])
    expect(again.findings).toEqual([])
    expect(again.run).toMatchObject({ new_lines: 0 })
  }, 150_000)
})
