/** Charges, plans for big amounts and their forms, for the same checks as all other pages. */
import type {
  ChargeFormPage,
  ChargePage,
  DeskChargeRow,
  PlanPage,
} from '../../domain/charge-pages.ts'
import { shillings } from '../../domain/money.ts'
import type { Viewer } from '../../domain/pages.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import { ChargeFormView } from '../../views/charge-form.tsx'
import { ChargeView } from '../../views/charge.tsx'
import { DeskChargesView } from '../../views/desk-charges.tsx'
import { PlanView } from '../../views/plan.tsx'
import { documentLines } from './document-gallery.tsx'
import * as s from './samples.ts'

const later = new Date(s.NOW.getTime() + 90 * MINUTE_MS)

export const buildChargePage = (over: Partial<ChargePage> = {}): ChargePage => charge(null, over)

function charge(hostile: string | null, over: Partial<ChargePage> = {}): ChargePage {
  const parties = s.buildParties(3, [4000, 0, 2000])
  const booking = s.buildBooking({ status: 'processing', paid: shillings(6_000), parties })
  const pay = s.buildPay(booking)
  const missed = parties.filter((party) => party.paid < party.share)
  return {
    ...pay,
    id: 'c1',
    booking: { ...booking, number: 'CHG-26-000123' },
    description: hostile ?? 'Left mirror and door, as seen together at the return',
    bookingPath: '/desk/bookings/b1',
    dueAt: later,
    coverUntil: later,
    allOrNobody: true,
    mayPay: true,
    takePath: '/desk/charges/c1/take',
    planPath: '/charges/c1/plan',
    billingPath: '/charges/c1/billing',
    cancelPath: '/charges/c1/cancel',
    missed,
    coverPath: '/charges/c1/cover',
    shrinkPath: '/charges/c1/shrink',
    ...over,
  }
}

const plan = (over: Partial<PlanPage> = {}): PlanPage => ({
  number: 'RSV-26-000123',
  backPath: '/bookings/b1/pay',
  path: '/bookings/b1/pay/plan',
  amount: shillings(1_200_000),
  paid: shillings(500_000),
  asked: shillings(250_000),
  left: shillings(450_000),
  plan: {
    id: 'p1',
    step: { do: 'wait', until: later.getTime(), why: 'resting' },
    over: false,
    refusals: [{ maskedPhone: '0712 *** 678', code: '1' }],
  },
  phones: '0712 345 678',
  added: '',
  bank: { name: 'Simba Bank, Westlands', account: '0123456789', holder: 'Gari Car Rental Ltd' },
  problems: [],
  now: s.NOW,
  ...over,
})

const form = (hostile: string | null): ChargeFormPage => ({
  path: '/desk/bookings/b1/charge',
  bookingId: 'b1',
  bookingNumber: 'RSV-26-000123',
  customerName: hostile ?? s.LONG_NAME,
  form: {
    chargeId: 'c1',
    type: 'damage',
    description: hostile ?? 'Left mirror',
    amount: '4,500',
    dueAt: '2026-11-27T10:00',
    parties: hostile ?? 'Otieno Ouma, 0712 345 678, 1500',
    mode: 'all_or_nobody',
    shrinkable: 'no',
  },
  problems: [{ path: 'parties', message: 'Give a mobile number.' }],
})

export const chargeRow = (
  hostile: string | null,
  over: Partial<DeskChargeRow> = {},
): DeskChargeRow => ({
  id: 'c1',
  number: 'CHG-26-000123',
  type: 'damage',
  description: hostile ?? 'Left mirror and door, as seen together at the return',
  status: 'processing',
  customerId: 'u1',
  customerName: hostile ?? s.LONG_NAME,
  total: shillings(12_000),
  balance: shillings(6_000),
  dueAt: later,
  ...over,
})

/** Paid in full, with what there is to open. */
const paidCharge = (hostile: string | null): ChargePage => {
  const done = charge(hostile)
  const booking = { ...done.booking, status: 'confirmed' as const }
  return { ...done, booking, missed: [], documents: documentLines(hostile) }
}

export const chargePages = (viewer: Viewer, hostile: string | null) => {
  const nobody = { plan: null, paid: shillings(0), asked: shillings(0), left: shillings(600_000) }
  const at = (path: string) => ({ ...viewer, path })
  return {
    'pay-charge': <ChargeView viewer={at('/charges/c1')} page={charge(hostile)} />,
    'pay-charge-paid': <ChargeView viewer={at('/charges/c1')} page={paidCharge(hostile)} />,
    'pay-plan-start': <PlanView viewer={at('/bookings/b1/pay/plan')} page={plan(nobody)} />,
    'pay-plan-running': <PlanView viewer={at('/bookings/b1/pay/plan')} page={plan()} />,
    'desk-charges': (
      <DeskChargesView
        viewer={s.staff('/desk/charges')}
        page={{
          search: hostile ?? 'Wanjiku',
          rows: [
            chargeRow(hostile),
            chargeRow(hostile, { status: 'open' }),
            chargeRow(hostile, { status: 'paid' }),
          ],
          now: s.NOW,
        }}
      />
    ),
    'desk-charges-none': (
      <DeskChargesView
        viewer={s.staff('/desk/charges')}
        page={{ search: '', rows: [], now: s.NOW }}
      />
    ),
    'desk-charge': (
      <ChargeFormView viewer={s.staff('/desk/bookings/b1/charge')} page={form(hostile)} />
    ),
  }
}
