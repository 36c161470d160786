/** What a charge's page says while and after money moves. */
import { expect, test } from '@jest/globals'
import { shillings } from '../../domain/money.ts'
import type { PaymentStatus } from '../../domain/payments.ts'
import { ChargeLive } from '../../views/charge.tsx'
import { PayLive } from '../../views/pay.tsx'
import { PaymentNews } from '../../views/pay-news.tsx'
import { speak } from '../../views/language.ts'
import { buildChargePage } from './charge-gallery.tsx'
import { render } from './render.ts'
import * as s from './samples.ts'

const payment = (status: PaymentStatus) =>
  s.buildPayment({ status, amount: shillings(400), at: s.NOW, partyName: 'Achieng Owuor' })

const ended = (payments: ReturnType<typeof payment>[]) => {
  const booking = s.buildBooking({ status: 'cancelled', paid: shillings(0), payments })
  return render(<ChargeLive page={buildChargePage({ booking })} viewer={s.buildViewer()} />)
}

test('a charge that has ended looks again until its money is back', async () => {
  const onItsWay = await ended([payment('refunding')])
  expect(onItsWay).toContain('What was paid goes back')
  expect(onItsWay).toContain('hx-get')
  expect(await ended([payment('settled')])).toContain('hx-get')
  expect(await ended([payment('refunded')])).not.toContain('hx-get')
})

test('a charge that ended unpaid says that nobody was charged', async () => {
  const html = await ended([])
  expect(html).toContain('Nobody has been charged.')
  expect(html).not.toContain('hx-get')
})

test('of several payers it names the one whose payment failed', async () => {
  const several = s.buildParties(2, [0, 0])
  const news = (parties: typeof several) => {
    const booking = s.buildBooking({ payments: [payment('refused')], parties })
    return render(<PaymentNews booking={booking} t={speak('en')} />)
  }
  expect(await news(several)).toContain('KSh 400 from Achieng Owuor was not paid.')
  expect(await news(several.slice(0, 1))).toContain('KSh 400 was not paid.')
})

test('nobody is told to send again what has ended, and each of several whose money went back', async () => {
  const payments = [payment('refused'), payment('refunded')]
  const booking = s.buildBooking({
    status: 'expired',
    payments,
    parties: s.buildParties(2, [0, 0]),
  })
  const html = await render(<PaymentNews booking={booking} t={speak('en')} />)
  expect(html).not.toContain('was not paid')
  expect(html).toContain('KSh 400 went back to Achieng Owuor, ')
})

test('of a group that ended, whoever paid nothing reads so, and why all of it goes back', async () => {
  const parties = s.buildParties(2, [0, 0])
  const over = { status: 'expired', endedForAll: true, parties } as const
  const show = (payments: ReturnType<typeof payment>[]) => {
    const page = { ...s.buildPay(s.buildBooking({ ...over, payments })), declinePath: '/decline' }
    return render(<PayLive page={page} viewer={s.buildViewer()} />)
  }
  const html = await show([payment('refunded')])
  expect(html).toContain('everybody gets their money back')
  expect(html).toContain('You have not been charged.')
  const own = { ...payment('refunded'), partyName: parties[0]?.name ?? '' }
  expect(await show([own])).not.toContain('You have not been charged.')
})
