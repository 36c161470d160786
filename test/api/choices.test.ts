/** Offers and news: nobody gets any who has not said yes, and whoever says no gets none, whichever way they say it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { createUser } from '../../db/accounts.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { makeNameless } from '../../db/erasing-account.ts'
import { sweepTables } from '../../db/housekeeping.ts'
import { keepChoice, listChoices, mayMarketTo, type NewChoice } from '../../db/marketing.ts'
import {
  CONSENT_MS,
  standingOf,
  unsubscribeHeaders,
  WORDING,
  WORDINGS,
  type MarketingChannel,
} from '../../domain/marketing.ts'
import { DAY_MS } from '../../domain/time.ts'
import { createSecretPaths, createUnsubscribeLink } from '../../gateways/secret-paths.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildRegistration, type TestDeps } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccountOnPages } from '../support/registering.ts'

let db: TestDatabase
let deps: TestDeps
let app: Hono<Env>
beforeAll(async () => {
  db = await createTestDatabase()
  const paths = createSecretPaths('secret of the tests')
  deps = buildDeps(db, {
    unsubscribeFits: (id, channel, token) => paths.fits(token, 'unsubscribe', id, channel),
  })
  app = createApp(deps)
})
afterAll(() => db.drop())

const OWN = '/account/choices'
const newEmail = () => `${randomUUID()}@example.com`
const soon = () => new Date(Date.now() + 1_000)

type Made = { userId: string; email: string; phone: string }

/** Somebody whose phone and e-mail are both proven. */
async function buildProven(over: Partial<Made> = {}): Promise<Made> {
  const { email = newEmail(), phone = nextPhone() } = over
  const { userId } = await inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'customer',
      email,
      passwordHash: null,
      firstName: 'Halima',
      lastName: 'Juma',
      phone,
      phoneVerified: true,
    }),
  )
  await select(db, 'UPDATE users SET email_verified = true WHERE id = $1 RETURNING id', [userId])
  return { userId, email, phone }
}

const say = (userId: string, given: boolean, over: Partial<NewChoice> = {}) =>
  inTransaction(db, (tx) =>
    keepChoice(tx, {
      userId,
      channel: 'email',
      given,
      wording: WORDING,
      language: 'en',
      place: 'account',
      actorId: userId,
      now: new Date(),
      ...over,
    }),
  )
const may = (userId: string, channel: MarketingChannel = 'email', now = soon()) =>
  mayMarketTo(db, { userId, channel, now })

const linkTo = (userId: string, channel: MarketingChannel = 'email') =>
  createUnsubscribeLink('', createSecretPaths('secret of the tests'))(userId, channel)

async function enter(email: string, next: string): Promise<Visitor> {
  const visitor = createVisitor(app)
  await visitor.token()
  const fields = { email, password: SAMPLE_PASSWORD, next }
  expect((await visitor.post('/sign-in', fields)).status).toBe(303)
  await visitor.token(next)
  return visitor
}

async function register(fields: Record<string, string>): Promise<{ visitor: Visitor; id: string }> {
  const visitor = createVisitor(app)
  await visitor.token('/register')
  const email = newEmail()
  const wish = { ...(buildRegistration({ email }) as Record<string, string>), ...fields }
  expect((await openAccountOnPages(db, visitor, wish)).status).toBe(303)
  const row = await selectOne<{ id: string }>(db, 'SELECT id FROM users WHERE email = $1', [email])
  await visitor.token(OWN)
  return { visitor, id: row?.id ?? '' }
}

describe('whether an offer may be sent', () => {
  it('is no to whoever has said nothing, yes after a yes by that channel, and no after a no', async () => {
    const { userId } = await buildProven()
    expect([await may(userId), await may(userId, 'sms')]).toEqual([false, false])
    await say(userId, true)
    expect([await may(userId), await may(userId, 'sms')]).toEqual([true, false])
    await say(userId, false)
    expect(await may(userId)).toBe(false)
    await say(userId, true)
    expect(await may(userId)).toBe(true)
    expect((await listChoices(db, userId)).map(({ given }) => given)).toEqual([true, false, true])
  })

  it('is no while the address is not proven, and to an account that is closed', async () => {
    const { userId } = await buildProven()
    await say(userId, true)
    await select(db, 'UPDATE users SET email_verified = false WHERE id = $1', [userId])
    expect(await may(userId)).toBe(false)
    await select(
      db,
      "UPDATE users SET email_verified = true, status = 'suspended' WHERE id = $1 RETURNING id",
      [userId],
    )
    expect(await may(userId)).toBe(false)
  })

  it('is asked again after two years, and when our words have changed', async () => {
    const { userId } = await buildProven()
    await say(userId, true)
    const at = new Date(Date.now() + CONSENT_MS - DAY_MS)
    expect(await may(userId, 'email', at)).toBe(true)
    expect(await may(userId, 'email', new Date(at.getTime() + 2 * DAY_MS))).toBe(false)
    const yes = { channel: 'email', given: true, wording: WORDING, chosenAt: new Date() } as const
    expect(standingOf(yes, new Date())).toBe('given')
    expect(standingOf({ ...yes, wording: WORDING - 1 }, new Date())).toBe('lapsed')
    expect(standingOf({ ...yes, given: false, wording: 0 }, new Date())).toBe('withdrawn')
    expect(standingOf(null, new Date())).toBe('never')
  })

  it('is no where another account of the same phone said no later', async () => {
    const guest = await buildProven()
    await say(guest.userId, true, { channel: 'sms' })
    expect(await may(guest.userId, 'sms')).toBe(true)
    // The number went to another account, whose owner wants nothing.
    await select(db, 'UPDATE users SET phone_verified = false WHERE id = $1', [guest.userId])
    const other = await buildProven({ phone: guest.phone })
    await say(other.userId, false, { channel: 'sms' })
    await select(db, 'UPDATE users SET phone_verified = false WHERE id = $1', [other.userId])
    await select(db, 'UPDATE users SET phone_verified = true WHERE id = $1', [guest.userId])
    expect(await may(guest.userId, 'sms')).toBe(false)
    await say(guest.userId, false, { channel: 'sms' })
    await say(guest.userId, true, { channel: 'sms' })
    expect(await may(guest.userId, 'sms')).toBe(true)
  })

  it('is no to whoever was erased and comes anew, until they say yes themselves', async () => {
    const before = await buildProven()
    await say(before.userId, true)
    await inTransaction(db, (tx) => makeNameless(tx, before.userId))
    expect(await may(before.userId)).toBe(false)
    const anew = await buildProven({ email: before.email.toUpperCase() })
    expect(await may(anew.userId)).toBe(false)
    const kept = await select<{ channel: string }>(
      db,
      'SELECT channel FROM marketing_refusals WHERE refused_at > now() - $1::interval ORDER BY 1',
      ['1 minute'],
    )
    expect(kept.map(({ channel }) => channel)).toEqual(expect.arrayContaining(['email', 'sms']))
    await say(anew.userId, true)
    expect(await may(anew.userId)).toBe(true)
  })
})

describe('the record', () => {
  it('says each time what, in which words, from where and by whom, and is written once', async () => {
    const { userId } = await buildProven()
    expect(await say(userId, true, { place: 'desk', actorId: 'somebody', language: 'sw' })).toBe(
      true,
    )
    expect(await say(userId, true)).toBe(false)
    expect(await say(userId, false)).toBe(true)
    expect(await say(userId, false)).toBe(false)
    expect(await listChoices(db, userId)).toMatchObject([
      { given: false, place: 'account', chosenBy: null },
      { given: true, place: 'desk', chosenBy: 'somebody', language: 'sw', wording: WORDING },
    ])
    const entries = await select<{ action: string; actor: string }>(
      db,
      "SELECT action, actor FROM audit_entries WHERE entity_id = $1 AND action LIKE 'marketing.%' ORDER BY id",
      [userId],
    )
    expect(entries).toEqual([
      { action: 'marketing.allowed', actor: 'somebody' },
      { action: 'marketing.refused', actor: userId },
    ])
  })

  it.each([
    'UPDATE marketing_choices SET given = true',
    'DELETE FROM marketing_choices',
    'TRUNCATE marketing_choices',
  ])('can be changed by nobody, not even its owner: %s', async (statement) => {
    const { userId } = await buildProven()
    await say(userId, true)
    await expect(select(db, statement)).rejects.toThrow('permission denied')
    await expect(select(db.owner, statement)).rejects.toThrow('append-only')
  })

  it('of an address that said no goes when no yes could still be good', async () => {
    const { userId } = await buildProven()
    await say(userId, false)
    const kept = () =>
      selectOne<{ n: number }>(db, 'SELECT count(*)::int AS n FROM marketing_refusals')
    await sweepTables(db, new Date(Date.now() + CONSENT_MS - DAY_MS))
    expect((await kept())?.n).toBeGreaterThan(0)
    await sweepTables(db, new Date(Date.now() + CONSENT_MS + DAY_MS))
    expect((await kept())?.n).toBe(0)
  })

  it('has every wording in both languages, numbered in order', () => {
    expect(WORDINGS.map(({ version }) => version)).toEqual(WORDINGS.map((_, index) => index + 1))
    for (const words of WORDINGS.flatMap(({ says }) => Object.values(says)))
      for (const text of Object.values(words)) expect(text).toMatch(/^\{name\} .+\.$/)
  })
})

describe('registering', () => {
  it('shows boxes that nothing has ticked, whatever the link says, and says yes to nothing by itself', async () => {
    const visitor = createVisitor(app)
    const html = await (await visitor.get('/register?marketing_email=yes&marketing_sms=yes')).text()
    expect(html).toContain('name="marketing_email"')
    expect(html).not.toMatch(/<input[^>]*marketing_[^>]*checked/)
    const { id } = await register({})
    expect(await listChoices(db, id)).toEqual([])
  })

  it('keeps what somebody ticked', async () => {
    const { id, visitor } = await register({ marketing_email: 'yes', wording: String(WORDING) })
    expect(await listChoices(db, id)).toMatchObject([
      { channel: 'email', given: true, place: 'registering', chosenBy: null },
    ])
    expect(await (await visitor.get(OWN)).text()).toMatch(/<input[^>]*marketing_email[^>]*checked/)
  })

  it.each([{ wording: '999' }, { wording: 'x' }, { wording: '' }])(
    'takes no yes to words that there never were: %j',
    async ({ wording }) => {
      const visitor = createVisitor(app)
      await visitor.token('/register')
      const wish = buildRegistration({ email: newEmail() }) as Record<string, string>
      const answer = await visitor.post('/register', { ...wish, wording, marketing_sms: 'yes' })
      expect(answer.status).toBe(400)
      const html = await answer.text()
      expect(html).toContain('Load the page again.')
      expect(html).toMatch(/<input[^>]*marketing_sms[^>]*checked/)
    },
  )
})

describe('one’s own page', () => {
  it('changes each channel by itself and shows the history, without a script', async () => {
    const { id, visitor } = await register({})
    const wording = String(WORDING)
    const saved = await visitor.post(OWN, { wording, marketing_email: 'yes', marketing_sms: 'yes' })
    expect(saved.headers.get('location')).toBe(`${OWN}?done=choices`)
    await visitor.post(OWN, { wording, marketing_email: 'yes' })
    const html = await (await visitor.get(`${OWN}?done=choices`)).text()
    expect(html).toContain('Your choices are saved.')
    expect(html).toContain('No to offers by SMS')
    expect(html).toContain('may send me offers and news by SMS')
    expect((await listChoices(db, id)).map(({ channel, given }) => [channel, given])).toEqual([
      ['sms', false],
      ['sms', true],
      ['email', true],
    ])
  })

  it('says nothing where nothing was ticked before and nothing is now', async () => {
    const { id, visitor } = await register({})
    await visitor.post(OWN, { wording: String(WORDING) })
    expect(await listChoices(db, id)).toEqual([])
  })

  it('is for customers who have signed in, with the form’s own token', async () => {
    const stranger = createVisitor(app)
    expect((await stranger.get(OWN)).headers.get('location')).toContain('/sign-in')
    const { visitor } = await register({})
    expect((await visitor.post(OWN, { _csrf: 'x', marketing_sms: 'yes' })).status).toBe(403)
    const desk = await enter('desk@example.com', '/desk')
    expect((await desk.get(OWN)).status).toBe(404)
  })
})

describe('the link in an offer', () => {
  it('is where mail programs look for it', () => {
    const link = `https://gari.test${linkTo('u1')}`
    expect(unsubscribeHeaders(link)).toEqual({
      'List-Unsubscribe': `<${link}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    })
  })

  it('asks before a person presses, needs no sign-in and names nobody', async () => {
    const { userId, email } = await buildProven()
    await say(userId, true)
    const visitor = createVisitor(app)
    const shown = await visitor.get(linkTo(userId))
    const html = await shown.text()
    expect(shown.status).toBe(200)
    for (const word of [email, 'Halima']) expect(html).not.toContain(word)
    expect(await may(userId)).toBe(true)
    const pressed = await visitor.post(linkTo(userId), { _csrf: '' })
    expect(pressed.status).toBe(200)
    expect(await pressed.text()).toContain('No more offers come this way.')
    expect(await may(userId)).toBe(false)
    expect(await listChoices(db, userId)).toMatchObject([
      { given: false, place: 'unsubscribe_link', chosenBy: null },
      { given: true },
    ])
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'parts',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])('is pressed by a mail program as %s, with no cookie and no origin', async (_, type, body) => {
    const { userId } = await buildProven()
    await say(userId, true, { channel: 'sms' })
    const answer = await app.request(`http://gari.test${linkTo(userId, 'sms')}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect(answer.status).toBe(200)
    expect(await may(userId, 'sms')).toBe(false)
  })

  it('stops its own channel only', async () => {
    const { userId } = await buildProven()
    await say(userId, true)
    await say(userId, true, { channel: 'sms' })
    await createVisitor(app).post(linkTo(userId, 'sms'), {})
    expect([await may(userId), await may(userId, 'sms')]).toEqual([true, false])
  })

  it('answers the same for an account that is gone, and knows no link of another’s making', async () => {
    const { userId } = await buildProven()
    await inTransaction(db, (tx) => makeNameless(tx, userId))
    const pages = [userId, randomUUID()].map((id) => createVisitor(app).post(linkTo(id), {}))
    const [gone, never] = await Promise.all(pages)
    expect([gone?.status, never?.status]).toEqual([200, 200])
    const forged = [
      linkTo(userId).replace(userId, randomUUID()),
      linkTo(userId).replace('/email/', '/sms/'),
      linkTo(userId).replace('/email/', '/whatsapp/'),
      `/unsubscribe/${userId}/email/x`,
    ]
    for (const path of forged) {
      const answer = await createVisitor(app).post(path, {})
      expect({ path, status: answer.status }).toEqual({ path, status: 409 })
    }
  })
})

describe('at the desk', () => {
  const pathOf = (id: string) => `/desk/customers/${id}/choices`

  it('is written down for the customer, with who did it', async () => {
    const { userId } = await buildProven()
    const desk = await enter('desk@example.com', pathOf(userId))
    const saved = await desk.post(pathOf(userId), {
      wording: String(WORDING),
      marketing_sms: 'yes',
    })
    expect(saved.headers.get('location')).toBe(`${pathOf(userId)}?done=choices`)
    const [choice] = await listChoices(db, userId)
    expect(choice).toMatchObject({ channel: 'sms', given: true, place: 'desk' })
    const html = await (await desk.get(pathOf(userId))).text()
    expect(html).toContain(`written down by ${choice?.chooserName}`)
    const entry = await selectOne<{ actor: string }>(
      db,
      "SELECT actor FROM audit_entries WHERE entity_id = $1 AND action = 'marketing.allowed'",
      [userId],
    )
    expect(entry?.actor).toBe(choice?.chosenBy)
  })

  it('is read by who sees customers, written by who changes them, and neither by anybody else', async () => {
    const { userId } = await buildProven()
    const finance = await enter('finance@example.com', pathOf(userId))
    const page = await finance.get(pathOf(userId))
    expect(page.status).toBe(200)
    expect(await page.text()).not.toContain('Write down what they say')
    const wish = { wording: String(WORDING), marketing_sms: 'yes' }
    expect((await finance.post(pathOf(userId), wish)).status).toBe(403)
    for (const who of ['operations', 'wanjiku']) {
      const visitor = await enter(`${who}@example.com`, '/')
      expect((await visitor.get(pathOf(userId))).status).toBe(403)
      await visitor.token('/account/security')
      expect((await visitor.post(pathOf(userId), wish)).status).toBe(403)
    }
    expect(await listChoices(db, userId)).toEqual([])
  })
})
