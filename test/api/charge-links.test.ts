/** What a friend can do with the link of a charge: pay, say no, take over a share; as themselves, and nothing else. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { endCharge } from '../../db/charges.ts'
import { inTransaction } from '../../db/connection.ts'
import { shillings } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { printedPhone, type PaymentReason } from '../../domain/payments.ts'
import { buildChargeWorkflows, buildDeps, buildWorkflows } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { buildParty, nextPhone, NOW } from '../support/builders.ts'
import { buildCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** A charge of two people, the link of the second, and all that its story is told. */
async function setUp(refusal: PaymentReason | null = null) {
  const told: unknown[][] = []
  const note =
    (what: string) =>
    (...given: unknown[]) =>
      Promise.resolve(told.push([what, ...given]))
  const charges = buildChargeWorkflows({
    requestPayment: async (...given) => void (await note('pay')(...given)),
    declineShare: async (...given) => void (await note('decline')(...given)),
    coverShare: async (...given) => {
      await note('cover')(...given)
      return { added: shillings(1) }
    },
  })
  const awaitPrompt = () =>
    Promise.resolve(refusal && { outcome: 'refused' as const, reason: refusal })
  const deps = buildDeps(db, {
    workflows: buildWorkflows({ charges, awaitPrompt }),
    now: () => NOW,
  })
  const parties = [buildParty({ name: 'Wanjiku' }), buildParty({ name: 'Otieno' })]
  const { input } = await buildCharge(db, { parties, shrinkable: true, mode: 'all_or_nobody' })
  const [wanjiku = '', otieno = ''] = parties.map(({ id }) => id)
  const linkOf = (partyId: string, token = deps.shareToken(input.chargeId, partyId)) =>
    `/charges/${input.chargeId}/share/${partyId}/${token}`
  const friend = createVisitor(createApp(deps))
  const link = linkOf(otieno)
  const html = await (await friend.get(link)).text()
  return { deps, input, wanjiku, otieno, linkOf, link, friend, html, told }
}
const typed = (over: Record<string, string> = {}) => ({
  phone: nextPhone(),
  amount: '100',
  payment_id: randomUUID(),
  ...over,
})

describe('a friend with a link', () => {
  it('pays their own share, whoever else the form may name', async () => {
    const { input, wanjiku, otieno, link, friend, told } = await setUp()
    const form = typed({ party_id: wanjiku })
    for (const _time of [1, 2]) {
      const paid = await friend.post(link, form)
      expect([paid.status, paid.headers.get('location')]).toEqual([303, link])
    }
    const asked = { partyId: otieno, actorId: `party:${otieno}`, phone: form.phone }
    expect(told).toMatchObject([
      ['pay', input.chargeId, asked],
      ['pay', input.chargeId, asked],
    ])
    const ids = told.map(([, , request]) => (request as { paymentId: string }).paymentId)
    expect(new Set(ids).size).toBe(1)
    expect(ids).not.toContain(form.payment_id)
  })

  it('says no for themselves, and takes over a share as themselves', async () => {
    const { input, wanjiku, otieno, link, friend, told } = await setUp()
    const other = { party_id: wanjiku, for_party_id: wanjiku }
    expect((await friend.post(`${link}/decline`, other)).status).toBe(303)
    expect((await friend.post(`${link}/cover`, other)).status).toBe(303)
    expect(told).toEqual([
      ['decline', input.chargeId, otieno],
      [
        'cover',
        'charge',
        input.chargeId,
        { partyId: otieno, forPartyId: wanjiku, actorId: `party:${otieno}` },
      ],
    ])
  })

  it('does nothing else with it', async () => {
    const { link, friend, told } = await setUp()
    for (const deed of ['cancel', 'shrink', 'credit', 'plan', 'billing'])
      expect((await friend.post(`${link}/${deed}`, {})).status).toBe(404)
    const forged = { ...typed(), _csrf: '' }
    for (const path of [link, `${link}/decline`, `${link}/cover`])
      expect((await friend.post(path, forged)).status).toBe(403)
    expect(told).toEqual([])
  })

  it('opens neither another charge with it, nor the share of somebody else', async () => {
    const { deps, wanjiku, otieno, linkOf, link, friend, told } = await setUp()
    const another = await setUp()
    const [, , , , , token = ''] = link.split('/')
    const wrong = [
      linkOf(wanjiku, token),
      link.replace(token, deps.shareToken(randomUUID(), otieno)),
      another.linkOf(otieno, token),
    ]
    for (const path of wrong) {
      expect((await friend.get(path)).status).toBe(404)
      expect((await friend.get(`${path}/live`)).status).toBe(404)
      for (const deed of ['', '/decline', '/cover'])
        expect((await friend.post(`${path}${deed}`, typed())).status).toBe(404)
    }
    expect([told, another.told]).toEqual([[], []])
  })

  it('reads nobody else’s phone and link', async () => {
    const { input, wanjiku, linkOf, html } = await setUp()
    expect(html).toContain('Wanjiku')
    const phone = input.parties[0]?.phone ?? ''
    for (const secret of [phone, phone.slice(1), printedPhone(phone), linkOf(wanjiku)])
      expect(html).not.toContain(secret)
    expect(html).toContain(printedPhone(input.parties[1]?.phone ?? ''))
  })

  it('keeps what they typed when M-Pesa says no, with a new attempt', async () => {
    const { link, friend } = await setUp(reasonFor('1'))
    const form = typed({ amount: '150' })
    const refused = await friend.post(link, form)
    expect(refused.status).toBeGreaterThanOrEqual(400)
    const html = await refused.text()
    expect(html).toContain('There was not enough money')
    expect(html).toContain('value="150"')
    expect(html).not.toContain(form.payment_id)
  })

  it('reads that it has ended, and is offered no payment any more', async () => {
    const { input, link, friend, html } = await setUp()
    expect(html).toContain('name="amount"')
    const { chargeId } = input
    await inTransaction(db, (tx) =>
      endCharge(tx, { chargeId, reason: 'desk', actorId: 'desk', note: null }),
    )
    expect(await (await friend.get(link)).text()).not.toContain('name="amount"')
  })
})
