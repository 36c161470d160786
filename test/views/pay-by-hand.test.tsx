/** The help for paying by hand: what to type, in both languages, for a paybill and for a till. */
import { expect, test } from '@jest/globals'
import { shillings } from '../../domain/money.ts'
import { PayView } from '../../views/pay.tsx'
import { render } from './render.ts'
import { buildBooking, buildPay, buildViewer } from './samples.ts'

const VIEWER = buildViewer()
const booking = buildBooking({ status: 'processing', paid: shillings(4_500) })

test('a paybill names business number, account and amount', async () => {
  const html = await render(<PayView page={buildPay(booking)} viewer={VIEWER} />)
  expect(html).toContain('No request came? Pay by hand')
  expect(html).toContain('174379')
  expect(html).toContain(`<dd class="nowrap">${booking.number}</dd>`)
})

test('a till asks for no account, and the page says so', async () => {
  const page = buildPay(booking, { byHand: { kind: 'till', number: '5678901' } })
  const html = await render(<PayView page={page} viewer={VIEWER} />)
  expect(html).toContain('A till asks for no account number')
  expect(html).toContain('5678901')
  expect(html).not.toContain('Account number')
})

test('in Swahili it is Swahili', async () => {
  const viewer = { ...VIEWER, language: 'sw' as const }
  const html = await render(<PayView page={buildPay(booking)} viewer={viewer} />)
  expect(html).toContain('Nambari ya akaunti')
  expect(html).not.toContain('Account number')
})

test('nobody is told to pay for what is paid', async () => {
  const paid = buildBooking({ status: 'confirmed' })
  const html = await render(<PayView page={buildPay(paid)} viewer={VIEWER} />)
  expect(html).not.toContain('Pay by hand')
})
