import { expect, test } from '@jest/globals'
import { assert, constantFrom, property, string, webUrl } from 'fast-check'
import { shillings, subtract, ZERO } from '../../domain/money.ts'
import {
  buildMessage,
  MESSAGE_TEMPLATES,
  plainLetters,
  SMS_LENGTH,
  type MessageFacts,
  type MessageTemplate,
} from '../../domain/notifications.ts'
import { TEMPLATES } from '../../domain/notification-texts.ts'
import { reasonSentence } from '../../domain/payment-results.ts'
import { renderMail } from '../../views/emails/message.tsx'

const LANGUAGES = ['en', 'sw'] as const
const TRIP = {
  carName: 'Toyota RAV4',
  pickupName: 'Jomo Kenyatta International Airport',
  pickupAt: new Date('2026-11-27T07:00:00Z'),
  returnAt: new Date('2026-11-30T07:00:00Z'),
}
const CHARGE = { number: 'CHG-26-000123', charge: { what: 'Left mirror', together: false } }
const build = (over: Partial<MessageFacts> = {}): MessageFacts => ({
  number: 'RSV-26-000123',
  customerName: 'Wanjiku Kamau',
  partyName: 'Otieno Odhiambo',
  trip: TRIP,
  amount: shillings(4500),
  total: shillings(6500),
  paid: shillings(4500),
  balance: shillings(2000),
  deadline: new Date('2026-11-22T07:00:00Z'),
  ended: null,
  late: null,
  reason: null,
  offer: { carName: 'Mazda CX-5', until: new Date('2026-11-21T11:32:00Z') },
  link: 'https://gari.example/bookings/7f3a0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  ...over,
})

test('a part payment says what came, what is left and until when', () => {
  const { sms, subject } = buildMessage('payment_received', build(), 'en')
  expect(sms).toBe(
    'gari: We received KSh 4,500 from Otieno Odhiambo for RSV-26-000123. KSh 4,500 paid, KSh 2,000 to go. We hold the car until Sun 22 Nov, 10:00. https://gari.example/bookings/7f3a0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  )
  expect(subject).toBe('We received KSh 4,500 for RSV-26-000123')
})

test('a charge says how much, for what, until when, and where to pay', () => {
  const facts = build({ ...CHARGE, charge: { what: 'Left mirror', together: true } })
  const { sms, text, button } = buildMessage('charge_created', facts, 'en')
  expect(sms).toBe(
    'gari: KSh 4,500 is to be paid for CHG-26-000123, Left mirror. Pay by Sun 22 Nov, 10:00. It stands only when everybody has paid their share. https://gari.example/bookings/7f3a0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  )
  expect(button.text).toBe('Open this payment')
  expect(text).not.toContain('your booking')
  expect(buildMessage('charge_created', facts, 'sw').sms).toContain('Lipa kabla ya Jpili 22 Nov')
})

test('a cancellation says where the money goes, or that none was taken', () => {
  const paid = buildMessage('cancelled', build(), 'en').text
  const unpaid = buildMessage('cancelled', build({ paid: ZERO }), 'en').text
  expect([paid.includes('goes back to the phone'), paid.includes('not been charged')]).toEqual([
    true,
    false,
  ])
  expect([unpaid.includes('goes back'), unpaid.includes('Nothing was paid.')]).toEqual([
    false,
    true,
  ])
})

test('an offer names the car, the time, the money and the link', () => {
  const { sms, button } = buildMessage('late_offer', build(), 'en')
  expect(sms).toBe(
    'gari: Your KSh 4,500 for RSV-26-000123 came after it had ended and the car was gone. We hold a Mazda CX-5 for the same days until Sat 21 Nov, 14:32. If you do not choose, your money comes back by itself. https://gari.example/bookings/7f3a0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  )
  expect(button.text).toBe('Choose')
  expect(buildMessage('late_offer', build(), 'sw').sms).toContain('Tunakuwekea Mazda CX-5')
})

test('Swahili is Swahili', () => {
  const { sms, text } = buildMessage('reminder', build(), 'sw')
  expect(sms).toContain(
    'Bado KSh 2,000 kulipwa kwa RSV-26-000123. Lipa kabla ya Jpili 22 Nov, 10:00, la sivyo gari litaachiliwa.',
  )
  expect(text).toContain('Habari Wanjiku Kamau,')
})

test('every message is complete: no hole, no brace', () => {
  for (const template of MESSAGE_TEMPLATES)
    for (const language of LANGUAGES) {
      const message = buildMessage(template, build({ ...CHARGE, reason: 'Because.' }), language)
      const all = [message.sms, message.subject, message.text].join('\n')
      expect([template, language, /[{}]|undefined| {2}/.test(all)]).toEqual([
        template,
        language,
        false,
      ])
    }
})

test('any names and reasons leave an SMS of three segments at most in plain letters', () => {
  const text = string({ unit: 'binary', maxLength: 200 })
  assert(
    property(
      text,
      text,
      text,
      webUrl({ withQueryParameters: true }),
      constantFrom(...MESSAGE_TEMPLATES),
      constantFrom(...LANGUAGES),
      (name, place, reason, link, template, language) => {
        const facts = build({
          partyName: name,
          trip: { ...TRIP, carName: name, pickupName: place },
          charge: { what: place, together: true },
          reason,
          link,
        })
        const { sms, subject } = buildMessage(template, facts, language)
        expect(sms.length).toBeLessThanOrEqual(SMS_LENGTH)
        expect(sms).toMatch(/^[\x20-\x7e]*$/)
        expect(subject).not.toMatch(/[\r\n]/)
      },
    ),
  )
})

/** As long as a real payment link: two ids and a token of 64 letters. */
const PAY_LINK = `https://www.gari.example/pay/${'7f3a0e52-6d8f-4f0e-9a41-6f0a5f6f2f11/'.repeat(2)}${'a1'.repeat(32)}`

test.each<[MessageTemplate, Partial<MessageFacts>, string]>([
  [
    'cancelled',
    { reason: 'you asked for it' },
    'gari: RSV-26-000123 is cancelled: you asked for it. KSh 4,500 goes back to the phone it came from. ',
  ],
  [
    'late_money',
    { late: 'refunding' },
    'gari: KSh 4,500 for RSV-26-000123 came after the booking had ended. The money goes back to the phone it came from. You need do nothing. ',
  ],
  [
    'payment_refused',
    { reason: reasonSentence('1') },
    'gari: KSh 4,500 for RSV-26-000123 was not paid. There was not enough money in that M-Pesa account. Top up, or pay from another number. ',
  ],
  [
    'reminder',
    {},
    'gari: KSh 2,000 is still to pay for RSV-26-000123. Pay by Sun 22 Nov, 10:00, or the car is released. ',
  ],
])('an SMS with a long link still says what matters: %s', (template, over, words) => {
  const { sms } = buildMessage(template, build({ ...over, link: PAY_LINK }), 'en')
  expect(sms.slice(0, words.length)).toBe(words)
  expect(sms.endsWith(` ${PAY_LINK}`)).toBe(true)
})

test('no vital sentence is ever cut, whatever the names and the link', () => {
  const reasons = ['1', '17', '8006', '1101', 'PUSH_OPEN']
  for (const template of MESSAGE_TEMPLATES)
    for (const language of LANGUAGES)
      for (const code of reasons) {
        const reason = reasonSentence(code, language)
        const long = { link: PAY_LINK, partyName: 'x'.repeat(99) }
        const facts = build({ reason, ended: 'undecided', ...long })
        const { sms } = buildMessage(template, facts, language)
        const vital = TEMPLATES[template][language].sms.filter(
          ({ rank, when }) =>
            rank === 1 && !['goesBack', 'rebooked', 'unpaid'].includes(when ?? ''),
        )
        const ends = vital.map(({ text }) => text.split('}').at(-1) ?? '')
        expect([template, ends.filter((end) => !sms.includes(plainLetters(end)))]).toEqual([
          template,
          [],
        ])
        if (template === 'payment_refused') expect(sms).toContain(plainLetters(reason))
      }
})

test('money for a booking that has ended goes back; nothing is "to go" any more', () => {
  for (const paid of [ZERO, shillings(4500)]) {
    const facts = build({ ended: 'goes_back', paid, balance: subtract(shillings(6500), paid) })
    const { sms, text } = buildMessage('payment_received', { ...facts, deadline: null }, 'en')
    for (const words of [sms, text]) {
      expect(words).toContain('This booking has ended, so the money goes back.')
      expect(words).not.toContain('to go')
    }
  }
})

test('letters with marks become plain ones', () => {
  expect(plainLetters('Nyang’oro – Éric…')).toBe("Nyang'oro - Eric...")
})

test('the HTML mail escapes names and links only to the web', async () => {
  const hostile = '<script>alert(1)</script>'
  const facts = build({ customerName: hostile, link: 'javascript:alert(1)' })
  const html = await renderMail(buildMessage('confirmed', facts, 'en'), 'en')
  expect(html).toMatch(/^<!doctype html><html lang="en">/)
  expect(html).toContain('&lt;script&gt;')
  expect(html).not.toContain('<script>')
  expect(html).not.toContain('javascript:')
})
