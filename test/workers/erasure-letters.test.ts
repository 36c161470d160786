/** Letters about an erasure: they say what is needed, and leave no address behind. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { giveUpLetters, takeLetters } from '../../db/erasure-letters.ts'
import { takeErasureBack } from '../../db/erasures.ts'
import { DAY_MS } from '../../domain/time.ts'
import type { MailMessage } from '../../gateways/mail.ts'
import type { SmsMessage } from '../../gateways/sms.ts'
import { sendErasureLetter } from '../../workers/erasures.ts'
import { buildBooking, buildCustomer, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ask, eraseWhole, look } from '../support/forgetting.ts'

let db: TestDatabase
let userId: string
let mails: MailMessage[]
let texts: SmsMessage[]
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  userId = await buildCustomer(db)
  mails = []
  texts = []
})

async function sendAll(): Promise<void> {
  const outside = {
    db,
    publicUrl: 'https://gari.test',
    mail: { send: async (mail: MailMessage) => void mails.push(mail) },
    sms: {
      send: async (text: SmsMessage) => {
        texts.push(text)
        return 'sent' as const
      },
    },
  }
  for (const one of await takeLetters(db, 10)) await sendErasureLetter(outside, one)
}
const addresses = () => count(db, 'erasure_letters WHERE address IS NOT NULL')

describe('a letter about an erasure', () => {
  it('goes when it is asked for and when it is taken back, to where it is taken back', async () => {
    await ask(db, userId, { coolingMs: DAY_MS })
    await sendAll()
    await inTransaction(db, (tx) => takeErasureBack(tx, userId, userId))
    await sendAll()
    expect(mails.map(({ subject }) => subject)).toEqual([
      'We will erase what we hold about you',
      'Your data stays',
    ])
    expect(mails[0]?.text).toContain('https://gari.test/account/data')
    expect(await addresses()).toBe(0)
  })

  it('names every reason why not, in the language of whoever asked', async () => {
    await select(db, "UPDATE users SET language = 'sw' WHERE id = $1", [userId])
    await buildBooking(db, { customerId: userId })
    await ask(db, userId)
    await sendAll()
    expect(mails[0]?.subject).toBe('Hatukuweza kufuta taarifa zako')
    expect(mails[0]?.text).toContain('nafasi ambayo haijaisha')
  })

  it('reaches them although the account knows no address any more', async () => {
    const { id } = await ask(db, userId)
    await look(db, id)
    await eraseWhole(db, id)
    await sendAll()
    expect(mails.map(({ subject }) => subject)).toEqual([
      'We will erase what we hold about you',
      'We erase what we hold about you',
    ])
    expect(mails[1]?.to).toMatch(/@example\.com$/)
    expect(mails[1]?.text).toContain('https://gari.test/privacy')
    expect(await addresses()).toBe(0)
  })

  it('goes by SMS to whoever has no e-mail', async () => {
    await select(db, 'UPDATE users SET email = NULL WHERE id = $1', [userId])
    await ask(db, userId, { coolingMs: DAY_MS })
    await sendAll()
    expect(mails).toEqual([])
    expect(texts[0]?.text).toContain('https://gari.test/account/data')
    expect(texts[0]?.to).toMatch(/^\+2547/)
  })

  it('that cannot be sent for days is given up with its address', async () => {
    await ask(db, userId, { coolingMs: DAY_MS })
    expect(await takeLetters(db, 10)).toHaveLength(1)
    // Taken by somebody, so nobody else sends it now.
    expect(await takeLetters(db, 10)).toEqual([])
    await giveUpLetters(db, DAY_MS)
    expect(await addresses()).toBe(1)
    await select(db, "UPDATE erasure_letters SET created_at = created_at - interval '2 days'")
    await giveUpLetters(db, DAY_MS)
    expect(await addresses()).toBe(0)
  })
})
