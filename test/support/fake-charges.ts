/** Charges in memory, beside the fake books: as much as their stories ask for. */
import type { createChargeActivities } from '../../activities/charges.ts'
import type { ChargeEnd, ChargeInput, ChargeProgress, ChargeStatus } from '../../domain/charges.ts'
import { cents, ZERO, type Cents } from '../../domain/money.ts'

export type FakeCharge = {
  input: ChargeInput | null
  status: ChargeStatus
  total: Cents
  /** Until when the others may still do something, should the deadline pass; null = nothing is waited for. */
  coverFor: number | null
  deadline: number
  refunds: string[]
}
type World = {
  charge: FakeCharge
  now: () => number
  paid: () => Cents
  paidIds: () => string[]
  note: <A extends unknown[], R>(
    name: string,
    work: (...args: A) => R,
  ) => (...args: A) => Promise<Awaited<R>>
}

export const emptyCharge = (): FakeCharge => ({
  input: null,
  status: 'open',
  total: ZERO,
  coverFor: null,
  deadline: 0,
  refunds: [],
})

export const createFakeCharges = ({ charge, now, paid, paidIds, note }: World) => {
  const isOpen = () => charge.status === 'open' || charge.status === 'processing'
  const progress = (): ChargeProgress => {
    const sum = paid()
    if (isOpen()) charge.status = sum >= charge.total ? 'paid' : sum > 0 ? 'processing' : 'open'
    const { status, total, deadline } = charge
    return { status, total, paid: sum, dueAt: new Date(deadline).toISOString() }
  }
  const activities: ReturnType<typeof createChargeActivities> = {
    openCharge: note('openCharge', (input: ChargeInput) => {
      if (!charge.input) {
        const deadline = Date.parse(input.dueAt)
        Object.assign(charge, { input, total: input.total, deadline })
      }
      const { type, customerId, mode } = charge.input as ChargeInput
      const facts = { chargeId: input.chargeId, number: 'CHG-26-000001', type, customerId, mode }
      return { outcome: 'opened' as const, ...facts, ...progress() }
    }),
    progressCharge: note('progressCharge', progress),
    endCharge: note('endCharge', ({ reason }: { reason: string }): ChargeEnd => {
      charge.status = reason === 'deadline' ? 'expired' : 'cancelled'
      charge.refunds = paidIds()
      return { status: charge.status, refunds: paidIds().map((paymentId) => ({ paymentId })) }
    }),
    declineChargeShare: note('declineChargeShare', () => ({ allDeclined: true })),
    openCover: note('openCover', () => {
      if (charge.coverFor === null) return null
      charge.deadline = now() + charge.coverFor
      charge.coverFor = null
      return new Date(charge.deadline).toISOString()
    }),
    coverShare: note('coverShare', () => ({ outcome: 'covered' as const, added: cents(100) })),
    shrinkCharge: note('shrinkCharge', () => {
      charge.total = cents(charge.total / 2)
      return { outcome: 'shrunk' as const, ...progress(), refunds: [] }
    }),
  }
  return activities
}
