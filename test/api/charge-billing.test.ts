/** Who is billed for a charge, said by the same form as for a booking. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { findByEmail } from '../../db/accounts.ts'
import { billByItself } from '../../db/billing-by-itself.ts'
import { endCharge, progressCharge } from '../../db/charges.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { issueInvoice } from '../../db/invoices.ts'
import type { ChargeInput } from '../../domain/charges.ts'
import { shillings } from '../../domain/money.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { buildCompany, buildParty, count, NOW } from '../support/builders.ts'
import { buildCharge, payCharge, type BuiltCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db, { now: () => NOW }))
  customerId = (await findByEmail(db, 'wanjiku@example.com'))?.userId ?? ''
})
afterAll(() => db.drop())

const enter = async (who: string) => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: `${who}@example.com`, password: SAMPLE_PASSWORD })
  return visitor
}
const build = (over: Partial<ChargeInput> = {}) =>
  buildCharge(db, {
    customerId,
    total: shillings(4_000),
    type: 'damage',
    parties: [buildParty({ name: 'Wanjiku Kamau' }), buildParty({ name: 'Otieno Ouma' })],
    ...over,
  })
const pathOf = ({ input }: BuiltCharge) => `/charges/${input.chargeId}/billing`

type Row = { amount: string; companyId?: string; name?: string; pin?: string; email?: string }
async function send(who: string, charge: BuiltCharge, rows: Row[], key: string = randomUUID()) {
  const visitor = await enter(who)
  const fields = rows.flatMap((row, index) =>
    Object.entries(row).map(([name, value]) => [`bills[${index}][${name}]`, value]),
  )
  await visitor.token(pathOf(charge))
  return visitor.post(pathOf(charge), { key, ...Object.fromEntries(fields) })
}
const billsOf = ({ input }: BuiltCharge) =>
  select<object>(
    db,
    `SELECT bill_to->>'name' AS name, gross_cents::int AS gross, status, issue_wanted AS wanted,
       purpose FROM invoices WHERE owner_id = $1 ORDER BY gross_cents`,
    [input.chargeId],
  )
const ROWS = [
  { amount: '1500', name: 'Wanjiku Kamau', pin: 'A123456789Z' },
  { amount: '2500', name: 'Otieno Ouma' },
]

describe('the form of a charge', () => {
  it('is led to from its page while it is open, and shows everybody with their share', async () => {
    const charge = await build()
    const me = await enter('wanjiku')
    const page = await (await me.get(`/charges/${charge.input.chargeId}`)).text()
    expect(page).toContain(`href="${pathOf(charge)}"`)
    const html = await (await me.get(pathOf(charge))).text()
    for (const words of ['Wanjiku Kamau', 'Otieno Ouma', 'add up to KSh 4,000', 'Back to CHG-'])
      expect(html).toContain(words)
    const onlooker = await enter('operations')
    const theirs = await (await onlooker.get(`/charges/${charge.input.chargeId}`)).text()
    expect(theirs).not.toContain(`href="${pathOf(charge)}"`)
    await payCharge(db, charge, shillings(4_000))
    await inTransaction(db, (tx) => progressCharge(tx, charge.input.chargeId))
    const paid = await (await me.get(`/charges/${charge.input.chargeId}`)).text()
    expect(paid).not.toContain(`href="${pathOf(charge)}"`)
  })

  it('makes a draft for each, once, and the shares must add up', async () => {
    const charge = await build()
    const short = await send('wanjiku', charge, [{ amount: '1500', name: 'Wanjiku' }])
    expect(short.status).toBe(400)
    expect(await short.text()).toContain('KSh 2,500 is missing')
    const key = randomUUID()
    for (const _time of [1, 2]) expect((await send('wanjiku', charge, ROWS, key)).status).toBe(303)
    expect(await billsOf(charge)).toEqual([
      {
        name: 'Wanjiku Kamau',
        gross: 150_000,
        status: 'draft',
        wanted: false,
        purpose: 'charge',
      },
      { name: 'Otieno Ouma', gross: 250_000, status: 'draft', wanted: false, purpose: 'charge' },
    ])
  })

  it('said anew by the desk replaces it, to a company as well', async () => {
    const charge = await build()
    const company = await buildCompany(db, { name: 'Simba Cement Ltd' })
    await send('wanjiku', charge, ROWS)
    const anew = await send('desk', charge, [{ amount: '4000', companyId: company.id }])
    expect(anew.status).toBe(303)
    expect(await billsOf(charge)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Simba Cement Ltd', gross: 400_000, status: 'draft' }),
      ]),
    )
  })
})

describe('what was said about a charge', () => {
  it('after it was paid goes out at once, and what goes to a company is that company’s', async () => {
    const charge = await build()
    const { chargeId, parties } = charge.input
    const company = await buildCompany(db, { name: 'Twiga Foods Ltd' })
    await payCharge(db, charge, shillings(4_000))
    await inTransaction(db, (tx) => progressCharge(tx, chargeId))
    const rows = [
      { amount: '1500', name: 'Wanjiku Kamau' },
      { amount: '2500', companyId: company.id },
    ]
    expect((await send('desk', charge, rows)).status).toBe(303)
    expect(await billsOf(charge)).toMatchObject([
      { gross: 150_000, wanted: true },
      { gross: 250_000, wanted: true },
    ])
    const whose =
      'invoices WHERE owner_id = $1 AND party_id = $2 AND company_id IS NOT DISTINCT FROM $3'
    expect(await count(db, whose, [chargeId, parties[0]?.id, null])).toBe(1)
    expect(await count(db, whose, [chargeId, parties[1]?.id, company.id])).toBe(1)
  })

  it('by the desk is not changed by its customer, nor billed to a company of others', async () => {
    const charge = await build()
    const company = await buildCompany(db, { name: 'Kilima Tea Ltd' })
    const strange = await send('wanjiku', charge, [{ amount: '4000', companyId: company.id }])
    expect(strange.status).toBe(400)
    expect(await strange.text()).toContain('Choose one from the list.')
    const closed = await buildCompany(db, { name: 'Old Quarry Ltd', active: false })
    const over = await send('desk', charge, [{ amount: '4000', companyId: closed.id }])
    expect(over.status).toBe(400)
    await send('desk', charge, [{ amount: '4000', name: 'Acme' }])
    const late = await send('wanjiku', charge, ROWS)
    expect(late.status).toBe(400)
    expect(await late.text()).toContain('too much')
    const drafts = (await billsOf(charge)) as { name: string; status: string }[]
    expect(drafts.filter(({ status }) => status === 'draft')).toMatchObject([{ name: 'Acme' }])
  })

  it('goes out when it is paid, and nothing more is billed', async () => {
    const charge = await build()
    const { chargeId } = charge.input
    await send('wanjiku', charge, ROWS)
    await payCharge(db, charge, shillings(4_000))
    await inTransaction(db, (tx) => progressCharge(tx, chargeId))
    await inTransaction(db, (tx) => billByItself(tx, 'charge', chargeId))
    expect(await billsOf(charge)).toMatchObject([
      { gross: 150_000, wanted: true },
      { gross: 250_000, wanted: true },
    ])
    const ids = await select<{ id: string }>(db, 'SELECT id FROM invoices WHERE owner_id = $1', [
      chargeId,
    ])
    for (const { id } of ids)
      await inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims: false }))
    expect(await billsOf(charge)).toMatchObject([{ status: 'paid' }, { status: 'paid' }])
    const page = await (await (await enter('wanjiku')).get(pathOf(charge))).text()
    expect(page).toContain('All of this is invoiced already.')
  })

  it('cannot be said of a deposit, nor of what has ended', async () => {
    const deposit = await build({ type: 'deposit' })
    const desk = await enter('desk')
    expect((await desk.get(pathOf(deposit))).status).toBe(404)
    const page = await (await desk.get(`/charges/${deposit.input.chargeId}`)).text()
    expect(page).not.toContain('/billing"')
    const ended = await build()
    const { chargeId } = ended.input
    const end = { chargeId, reason: 'desk' as const, actorId: 'desk', note: null }
    await inTransaction(db, (tx) => endCharge(tx, end))
    expect((await desk.get(pathOf(ended))).status).toBe(409)
  })

  it('is said by its customer or the desk, and nobody else', async () => {
    const theirs = await buildCharge(db)
    expect((await (await enter('wanjiku')).get(pathOf(theirs))).status).toBe(404)
    expect((await (await enter('operations')).get(pathOf(theirs))).status).toBe(403)
    expect((await createVisitor(app).get(pathOf(theirs))).status).toBe(303)
  })
})
