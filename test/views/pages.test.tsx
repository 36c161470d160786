import { beforeAll, describe, expect, test } from '@jest/globals'
import { COLOURS } from '../../domain/fleet.ts'
import { formatKes, shillings, subtract, vatInside, ZERO } from '../../domain/money.ts'
import type { BookingPage, BookingRow, PaymentLine } from '../../domain/pages.ts'
import { BookingView } from '../../views/booking.tsx'
import { styleSheet } from '../../views/files.ts'
import { speak } from '../../views/language.ts'
import { DeskBookingView, DeskView } from '../../views/desk.tsx'
import { PayLive, payVersion } from '../../views/pay.tsx'
import { accountTexts } from '../../views/texts/accounts.ts'
import { bookingTexts } from '../../views/texts/bookings.ts'
import { documentTexts } from '../../views/texts/documents.ts'
import { errorSentences } from '../../views/texts/error-sentences.ts'
import { chargeTexts } from '../../views/texts/charges.ts'
import { payTexts } from '../../views/texts/pay.ts'
import { searchTexts } from '../../views/texts/search.ts'
import { lettingInTexts } from '../../views/texts/letting-in.ts'
import { securityTexts } from '../../views/texts/security.ts'
import { sentences } from '../../views/texts/sentences.ts'
import { shellTexts } from '../../views/texts/shell.ts'
import { vehicleSvg } from '../../views/vehicle-picture.tsx'
import { SHAPES } from '../../views/vehicle-shapes.ts'
import type { BodyType } from '../../domain/fleet.ts'
import { buildGallery, type Gallery } from './gallery.tsx'
import { reasonSentence } from '../../domain/payment-results.ts'
import { render } from './render.ts'
import * as s from './samples.ts'

const owner = s.buildViewer()
let english: Gallery
let swahili: Gallery
let attacked: Gallery

beforeAll(async () => {
  english = await buildGallery('en')
  swahili = await buildGallery('sw')
  attacked = await buildGallery('en', s.HOSTILE)
})

const tags = (html: string): string[] => html.match(/<[a-z][^>]*>/gi) ?? []
const spoken = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')

/** Pages that change by themselves. */
const LIVE = /^(?:pay|refund-(?:phone-)?to-decide|refund-(?:stuck|paid-)|own-data-made)/

describe('every page', () => {
  test('is whole: doctype, language, one h1, unique ids, every label has its field', () => {
    for (const [name, html] of Object.entries(english)) {
      expect([name, html.slice(0, 15)]).toEqual([name, '<!doctype html>'])
      expect([name, html.match(/<h1/g)?.length]).toEqual([name, 1])
      const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((one) => one[1])
      expect([name, ids.filter((id, index) => ids.indexOf(id) !== index)]).toEqual([name, []])
      const labels = [...html.matchAll(/<label for="([^"]+)"/g)].map((one) => one[1])
      expect([name, labels.filter((id) => !ids.includes(id))]).toEqual([name, []])
    }
  })

  test('carries no inline script or handler, no style but the one sheet, and no script address in a link', () => {
    const sheet = `<style>${styleSheet.body}</style>`
    for (const [name, html] of [...Object.entries(english), ...Object.entries(attacked)]) {
      expect([name, html.split(sheet)]).toEqual([name, [expect.anything(), expect.anything()]])
      const bad = tags(html.replace(sheet, '')).filter((tag) => {
        const bare = tag.replaceAll(/"[^"]*"/g, '""')
        return (
          /\s(?:on\w+|style)\s*=/i.test(bare) ||
          /^<style/i.test(tag) ||
          (/^<script/i.test(tag) && !/ src="\/static\/[\w.]+\?v=[\w-]{16}"/.test(tag)) ||
          /(?:href|action|src)="\s*(?:javascript|data):/i.test(tag)
        )
      })
      expect([name, bad]).toEqual([name, []])
    }
  })

  test('prints hostile text as text', () => {
    for (const [name, html] of Object.entries(attacked)) {
      expect([name, /<script>alert|<img src=x/.test(html)]).toEqual([name, false])
    }
    const everywhere = Object.entries(attacked).filter(([, html]) =>
      html.includes('&lt;script&gt;'),
    )
    expect(everywhere.length).toBeGreaterThan(30)
  })

  test('never fills a place in our words from inside somebody’s name', () => {
    expect(spoken(attacked['pay-part'] ?? '')).toContain('alert(2)&gt;{amount}')
  })

  test('sends the token with every form that changes something, but for the one of a link that needs no sign-in', () => {
    for (const [name, html] of Object.entries(english)) {
      const forms = html.split('<form').slice(1)
      const open = forms.filter(
        (form) =>
          /method="post"/.test(form) &&
          !/name="(?:_csrf" value="csrf-token|List-Unsubscribe")/.test(form),
      )
      expect([name, open.length]).toEqual([name, 0])
    }
  })

  test('loads htmx only where something changes by itself', () => {
    for (const [name, html] of Object.entries(english))
      expect([name, html.includes('/static/htmx.js')]).toEqual([name, LIVE.test(name)])
  })
})

describe('words', () => {
  test('both languages say every sentence with the same values', () => {
    const all = {
      ...shellTexts,
      ...searchTexts,
      ...payTexts,
      ...bookingTexts,
      ...accountTexts,
      ...chargeTexts,
      ...documentTexts,
      ...securityTexts,
      ...lettingInTexts,
    }
    const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
    for (const [key, [en, sw]] of Object.entries(all)) {
      expect([key, sw.length > 1]).toEqual([key, true])
      expect([key, places(sw)]).toEqual([key, places(en)])
    }
  })

  test('a Swahili page has no English sentence of ours on it', () => {
    const own = { ...chargeTexts, ...documentTexts, ...securityTexts, ...lettingInTexts }
    const texts = { ...searchTexts, ...payTexts, ...bookingTexts, ...accountTexts, ...own }
    const ours = Object.values(texts).map(([en]) => en as string)
    const rules = [...Object.keys(sentences), ...Object.keys(errorSentences)]
    const all = [...ours, ...rules, reasonSentence('1032')]
    const english = all.filter((en) => en.length > 14 && !/[{|]/.test(en))
    const names = Object.keys(swahili).filter(
      (one) => !/^(desk|finance|operations|admin)/.test(one),
    )
    for (const name of names) {
      const text = spoken(swahili[name] ?? '')
      expect([name, english.filter((one) => text.includes(one))]).toEqual([name, []])
    }
  })

  test('chooses one or many', () => {
    const t = speak('en')
    expect([t('days', { n: 1 }), t('days', { n: 3 })]).toEqual(['1 day', '3 days'])
  })
})

describe('money and times', () => {
  test('the results show the whole price first and say what is in it', () => {
    const text = spoken(english['results'] ?? '')
    expect(text).toContain('KSh 12,126 for 3 days and 2 hours, all included KSh 2,500 a day')
    expect(text).toContain('Fri 27 Nov, 10:00')
    expect(text).toContain('Free again Sat 28 Nov, 10:00')
    expect(text).toContain('VAT 16 %, included KSh 1,672.55')
  })

  test('the deposit stands beside every price before anybody pays', () => {
    const note = 'Plus a deposit of KSh 10,000 at pick-up, given back after the trip.'
    for (const name of ['results', 'book', 'pay', 'pay-shared'])
      expect([name, spoken(english[name] ?? '').includes(note)]).toEqual([name, true])
  })

  test('a sold-out card searches the same length from when a car is free again', () => {
    const link = /href="\/search\?([^"]+)"[^>]*>\s*Search from then/.exec(english['results'] ?? '')
    const query = new URLSearchParams((link?.[1] ?? '').replaceAll('&amp;', '&'))
    expect(query.get('pickup_at')).toBe('2026-11-28T10:00')
    expect(query.get('return_at')).toBe('2026-12-01T12:00')
  })

  test('Swahili times use Swahili days', () => {
    expect(spoken(swahili['results'] ?? '')).toContain('Ijumaa 27 Nov, 10:00')
  })
})

describe('a booking that has ended', () => {
  const ended = async (payments: PaymentLine[], status: BookingRow['status'] = 'cancelled') => {
    const over = { status, holdExpiresAt: null, paid: shillings(10_500) }
    return spoken(
      await render(<BookingView page={s.buildBooking({ ...over, payments })} viewer={owner} />),
    )
  }
  const paid = (over: Partial<PaymentLine>) =>
    s.buildPayment({ status: 'refunding', amount: shillings(10_500), ...over })

  test('leads with where the money is, never with what was paid', async () => {
    const going = await ended([paid({})])
    expect(going).toContain('KSh 10,500 is on its way back to 0712 *** 678.')
    expect(going).not.toContain('left to pay')
    const gone = await ended([paid({ status: 'refunded' })])
    expect(gone).toContain('KSh 10,500 went back to 0712 *** 678.')
    const both = [paid({ id: 'a' }), paid({ id: 'b', maskedPhone: '0733 *** 111' })]
    expect(await ended(both)).toContain('KSh 21,000 is on its way back to 2 phones.')
    const late = await ended([paid({ status: 'settled', late: true })], 'expired')
    expect(late).toContain('KSh 10,500 came after the booking had ended.')
    expect(late).not.toContain('on its way back')
  })

  test('whose car is gone says what waits, until when, and leads whoever decides there', async () => {
    const payments = [paid({ status: 'settled', late: true })]
    const offer = { until: new Date(s.NOW.getTime() + 1_200_000), path: '/late/p/token' }
    const over = { status: 'expired', holdExpiresAt: null, payments, offer } as const
    const show = (page: BookingPage) => render(<BookingView page={page} viewer={owner} />)
    const own = await show(s.buildBooking(over))
    expect(spoken(own)).toContain('came after the booking had ended, and the car was gone.')
    expect(spoken(own)).toContain('Another car is held until Sat 21 Nov, 10:22.')
    expect(spoken(own)).toContain('the money goes back to 0712 *** 678 by itself.')
    expect(own).toContain('href="/late/p/token"')
    const others = await show(s.buildBooking({ ...over, offer: { ...offer, path: null } }))
    expect(others).not.toContain('/late/')
    expect(spoken(others)).toContain('has an SMS with the link')
    const pay = s.buildPay(s.buildBooking(over))
    expect(await render(<PayLive page={pay} viewer={owner} />)).toContain('href="/late/p/token"')
  })

  test('is no longer to be paid for, whichever way it ended', () => {
    for (const name of ['pay-ended', 'pay-ended-open', 'pay-confirmed']) {
      const heading = spoken(/<h1.*?<\/h1>/s.exec(english[name] ?? '')?.[0] ?? '')
      expect([name, heading.trim()]).toEqual([name, 'Booking RSV-26-000123'])
    }
  })

  test('has nothing to pay on the desk', async () => {
    const row = (status: BookingRow['status']) =>
      render(
        <DeskView
          page={{
            day: s.NOW,
            search: 'x',
            pickups: [],
            returns: [],
            unpaid: [],
            mayRunTill: true,
            now: s.NOW,
            found: [s.buildRow(0, { status, total: shillings(9), balance: shillings(8) })],
          }}
          viewer={s.staff('/desk')}
        />,
      )
    expect(spoken(await row('pending'))).toContain('KSh 8')
    for (const status of ['cancelled', 'expired'] as const)
      expect(spoken(await row(status))).not.toContain('KSh 8')
  })
})

describe('forms', () => {
  test('say the error beside the field and on top, and keep what was typed', () => {
    const html = english['book-group-wrong'] ?? ''
    expect(html).toContain('name="parties[1][phone]"')
    expect(html).toMatch(/name="parties\[1\]\[phone\]"[^>]*aria-invalid="true"[^>]*value="020 123"/)
    expect(html).toMatch(/aria-describedby="field-parties-1-phone-error"/)
    expect(html).toMatch(/<a href="#field-parties-1-phone">This is not a Kenyan mobile number/)
    expect(html).toContain(s.LONG_NAME.slice(0, 12))
    expect(html).toContain('A child seat, please.</textarea>')
    expect(html).toContain('value="remove_party:2"')
    expect(html).toContain('value="add_party"')
  })

  test('the first button of the booking form books, so that Enter never removes a person', () => {
    const form = (english['book-group-wrong'] ?? '').split('action="/book"')[1] ?? ''
    expect(/<button[^>]*value="([^"]+)"/.exec(form)?.[1]).toBe('book')
  })

  test('a search in Swahili explains a wrong time in Swahili', () => {
    expect(spoken(swahili['home-wrong'] ?? '')).toContain('Saa ya kuchukua gari imepita.')
  })

  test('passwords are never printed back', () => {
    expect(english['register']).toMatch(/type="password" value=""/)
  })
})

describe('the payment page', () => {
  const live = (booking: Partial<BookingPage>, language: 'en' | 'sw' = 'en') => {
    const page = s.buildPay(s.buildBooking(booking))
    return render(<PayLive page={page} viewer={s.buildViewer({ language })} />)
  }
  const paying = (over: Partial<PaymentLine>) => live({ payments: [s.buildPayment(over)] })

  test('says whose turn it is and since when', async () => {
    const text = spoken(await paying({}))
    expect(text).toContain('We sent a request to 0712 *** 678.')
    expect(text).toContain('Open it and type your M-Pesa PIN.')
    expect(text).toContain('It asks for KSh 2,500. Sent at 10:02.')
    expect(text).not.toContain('Nothing came?')
    expect(spoken(await paying({ at: s.minutesAgo(0.5) }))).toContain('Nothing came?')
  })

  test('of all or nobody lets the others pay a share as soon as somebody has said no', async () => {
    const [first, second] = s.buildParties(2)
    const no = { ...second, id: 'no', name: 'Halima Abdi', paid: shillings(0), declined: true }
    const all = {
      allOrNobody: { coverUntil: null },
      parties: [first, no] as BookingPage['parties'],
    }
    const text = spoken(await live(all))
    expect(text).toContain('The share of Halima Abdi is missing.')
    expect(text).toMatch(/I pay KSh [\d,]+ for /)
    expect(spoken(await live({ parties: all.parties }))).not.toContain('is missing')
  })

  test('a refusal says why and what is safe', () => {
    const text = spoken(english['pay-refused'] ?? '')
    expect(text).toContain('The request was cancelled on the phone.')
    expect(text).toContain('You have not been charged.')
    expect(text).toContain('Pay KSh 12,126 by M-Pesa')
  })

  test('an unknown payment never says that nothing was charged', async () => {
    const text = spoken(await paying({ status: 'unknown', at: s.minutesAgo(4) }))
    expect(text).not.toContain('not been charged')
    expect(text).toContain('Please do not pay again from that phone.')
  })

  test('a request still open when the booking ended is to be cancelled, not answered', async () => {
    const open = { payments: [s.buildPayment({ at: s.minutesAgo(0.5) })] }
    const text = spoken(await live({ ...open, status: 'cancelled', holdExpiresAt: null }))
    expect(text).toContain('If a request is still open on your phone, cancel it there.')
    expect(text).not.toMatch(/type your M-Pesa PIN|not been charged|Nothing came/)
    const form = spoken(await render(<BookingView page={s.buildBooking(open)} viewer={owner} />))
    expect(form).toContain('A request is still open on 0712 *** 678: cancel it there, too.')
  })

  test('after money was taken and went back no page says that nothing was charged', async () => {
    const ended = { status: 'expired', holdExpiresAt: null } as const
    const refused = s.buildPayment({ status: 'refused', reason: 'No.', at: s.minutesAgo(1) })
    for (const status of ['settled', 'refunding', 'refunded'] as const) {
      const payments = [refused, s.buildPayment({ status, at: s.minutesAgo(5) })]
      const booking = s.buildBooking({ ...ended, payments, mayCancel: false })
      const pages = [
        await live(booking),
        await render(<BookingView page={booking} viewer={owner} />),
      ]
      for (const page of pages) expect(spoken(page)).not.toContain('You have not been charged')
    }
    expect(spoken(await live(ended))).toContain('You have not been charged.')
  })

  test('without a script an open request says how to see the answer', async () => {
    const open = await live({ payments: [s.buildPayment({})] })
    expect(/<noscript>.*?<\/noscript>/s.exec(open)?.[0]).toMatch(
      /Press Refresh to see the answer.*href="\/bookings\/[^"]+\/pay"/s,
    )
    expect(await live({})).not.toContain('<noscript>')
  })

  test('part paid says both sums and each share', () => {
    const text = spoken(english['pay-part'] ?? '')
    expect(text).toContain('KSh 4,500 paid, KSh 7,626 to go')
    expect(text).toContain('KSh 0 of KSh 4,042')
    expect(text).toContain('Part is paid. We hold the car until Sat 21 Nov, 10:13')
  })

  test('asks every second with its version while something can change, and then stops', async () => {
    const html = await live({})
    expect(html).toMatch(/hx-get="\/bookings\/[^"]+\/live\?v=[^"]+" hx-trigger="every 1s"/)
    expect(html).toContain('aria-live="polite"')
    expect(english['pay-confirmed']).not.toContain('hx-get')
    expect(await live({ status: 'expired', payments: [s.buildPayment({})] })).toContain('hx-get')
  })

  test('the version changes with what is shown and only then', () => {
    const version = (over: Partial<BookingPage>) => payVersion(s.buildPay(s.buildBooking(over)))
    const later = new Date(s.NOW.getTime() + 3000)
    expect(version({ now: later })).toBe(version({}))
    expect(version({ payments: [s.buildPayment({})] })).not.toBe(version({}))
    expect(version({ paid: shillings(1), status: 'processing' })).not.toBe(version({}))
    const open = { payments: [s.buildPayment({})] }
    const muchLater = new Date(s.NOW.getTime() + 30_000)
    expect(version({ ...open, now: muchLater })).not.toBe(version(open))
  })

  test('a payment link shows no other link, no number and nothing that needs a sign-in', () => {
    const html = english['pay-shared'] ?? ''
    expect(html).not.toContain('tokentoken')
    expect(html).not.toContain('href="/bookings/')
    expect(html).toContain('action="/pay/r/p/t/decline"')
  })

  test('who has paid or said no is not asked to say no any more, without a reload', async () => {
    const [first, friend] = s.buildParties(2)
    if (!first || !friend) throw new Error('no parties')
    const shared = (over: object) => {
      const party = { ...friend, ...over }
      const booking = s.buildBooking({ parties: [first, party] })
      const page = s.buildPay(booking, { party, declinePath: '/pay/r/p/t/decline' })
      return render(<PayLive page={page} viewer={s.buildViewer({ signedIn: false })} />)
    }
    expect(await shared({})).toContain('action="/pay/r/p/t/decline"')
    for (const over of [{ paid: friend.share }, { paid: shillings(1) }, { declined: true }])
      expect(await shared(over)).not.toContain('/decline"')
  })

  test('only our own QR code is printed as it is', () => {
    expect(english['pay-confirmed']).toContain('<div class="qr" role="img"')
    expect(attacked['pay-confirmed']).not.toContain('class="qr"')
  })

  test('speaks Swahili', async () => {
    const text = spoken(await live({ payments: [s.buildPayment({})] }, 'sw'))
    expect(text).toContain('Tumetuma ombi kwa 0712 *** 678.')
    expect(text).toContain('Bado kulipa KSh 12,126')
  })
})

describe('the desk', () => {
  const WHOLE = { phone: '+254712345678', isWhole: true }
  const show = (
    booking: Partial<BookingPage>,
    contact = { phone: '0712 *** 678', isWhole: false },
  ) =>
    render(
      <DeskBookingView
        page={{
          booking: s.buildBooking(booking),
          mayPoints: false,
          risk: null,
          customer: { id: 'c1', name: 'Wanjiku', email: null, ...contact },
          mayReveal: true,
          workflowUrl: null,
          mayCharge: true,
          mayBill: true,
          rentalPath: null,
          changes: null,
          now: s.NOW,
        }}
        viewer={s.staff('/desk')}
      />,
    )

  test('sees what was given back since, the price that stands now, and its VAT', async () => {
    const { quote } = s.buildBooking({})
    const total = subtract(quote.total, shillings(500))
    const text = spoken(await show({ status: 'confirmed', total, paid: total, balance: ZERO }))
    expect(text).toContain('Taken off and given back -KSh 500')
    expect(text).toContain(`Price now ${formatKes(total)}`)
    expect(text).toContain(`VAT 16 %, included ${formatKes(vatInside(total).vat)}`)
    expect(spoken(await show({}))).not.toContain('Price now')
  })

  test('is spoken to as staff, not as the customer', async () => {
    const refused = s.buildPayment({ status: 'refused', reason: 'No.' })
    const text = spoken(await show({ specialRequests: 'A child seat', payments: [refused] }))
    expect(text).toContain('The customer asks for')
    expect(text).toContain('Reason, as the customer will read it')
    expect(text).not.toMatch(/You asked for|It helps us|You have not been charged/)
  })

  test('reads phones as people write them', async () => {
    const html = await show({}, WHOLE)
    expect(spoken(html)).toContain('0712 345 678')
    expect(spoken(html)).not.toMatch(/\+254[17]/)
    expect(html).toContain('href="tel:+254712345678"')
    expect(html).not.toContain('/contact"')
  })

  test('sees a masked phone, which nobody can call, and a button that shows it', async () => {
    const html = await show({})
    expect(spoken(html)).toContain('0712 *** 678')
    expect(html).not.toContain('href="tel:+2547')
    expect(html).toMatch(/<form method="post" action="[^"]*\/contact">/)
  })
})

test('forty-eight vehicles, each a different drawing', () => {
  const bodies = Object.keys(SHAPES) as BodyType[]
  const drawings = bodies.flatMap((body) => COLOURS.map((colour) => vehicleSvg(body, colour)))
  expect(new Set(drawings).size).toBe(48)
  for (const one of drawings) {
    expect(one).toMatch(/^<svg xmlns="[^"]+" viewBox="0 0 320 150".*<\/svg>$/s)
    expect(one).not.toMatch(/NaN|undefined|style=|<script/)
  }
})
