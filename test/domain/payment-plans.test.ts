import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { add, cents, shillings, subtract, ZERO, type Cents } from '../../domain/money.ts'
import {
  DAY_LIMIT,
  endsByGoingOn,
  NEVER,
  nextStep,
  restAfter,
  type PlanFacts,
  type PlanPayment,
} from '../../domain/payment-plans.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { SAME_AMOUNT_REST_MS } from '../../domain/payment-waits.ts'
import { MAXIMUM_PUSH } from '../../domain/payments.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, startOfDay } from '../../domain/time.ts'

const START = Date.parse('2026-11-23T09:00:00+03:00')
const day = (at: number) => startOfDay(new Date(at)).getTime()

const buildFacts = (over: Partial<PlanFacts> = {}): PlanFacts => ({
  status: 'running',
  payable: true,
  owed: shillings(600_000),
  free: over.owed ?? shillings(600_000),
  deadline: START + 60 * DAY_MS,
  consentedAt: START,
  phones: [{ position: 0, restsUntil: 0, restCode: null }],
  payments: [],
  ...over,
})
const paid = (amount: number, at: number, position = 0): PlanPayment => ({
  position,
  amount: shillings(amount),
  at,
  state: 'paid',
})

describe('the next step', () => {
  it('asks for as much as M-Pesa takes at a time', () => {
    expect(nextStep(buildFacts(), START)).toEqual({ do: 'push', position: 0, amount: MAXIMUM_PUSH })
  })

  it('waits two minutes before the same amount from the same phone, and asks another meanwhile', () => {
    const facts = buildFacts({ payments: [paid(250_000, START)] })
    const wait = { do: 'wait', until: START + 2 * MINUTE_MS, why: 'spacing' }
    expect(nextStep(facts, START)).toEqual(wait)
    const phones = [...facts.phones, { position: 1, restsUntil: 0, restCode: null }]
    expect(nextStep({ ...facts, phones }, START)).toMatchObject({ do: 'push', position: 1 })
  })

  it('rests a phone that has paid its limit until six the next morning', () => {
    const payments = [paid(250_000, START - HOUR_MS), paid(250_000, START - 2 * HOUR_MS)]
    const until = day(START) + DAY_MS + 6 * HOUR_MS
    expect(nextStep(buildFacts({ payments }), START)).toEqual({
      do: 'wait',
      until,
      why: 'day_limit',
    })
  })

  it('asks again for consent on the next day', () => {
    const step = nextStep(buildFacts(), START + DAY_MS)
    expect(step).toEqual({ do: 'ask', why: 'consent' })
  })

  it('never asks a phone on which something may still be paid', () => {
    const payments: PlanPayment[] = [{ ...paid(10, START - 5 * HOUR_MS), state: 'open' }]
    expect(nextStep(buildFacts({ payments }), START)).toMatchObject({ do: 'wait', why: 'answer' })
  })

  it('ends with what it is for', () => {
    expect(nextStep(buildFacts({ owed: ZERO }), START)).toEqual({ do: 'end', as: 'done' })
    expect(nextStep(buildFacts({ payable: false }), START)).toEqual({ do: 'end', as: 'stopped' })
    const over = nextStep(buildFacts({ deadline: START }), START)
    expect(over).toEqual({ do: 'end', as: 'expired' })
  })

  it('turns to the customer when no phone is left', () => {
    const phones = [{ position: 0, restsUntil: NEVER, restCode: '2040' }]
    expect(nextStep(buildFacts({ phones }), START)).toEqual({ do: 'ask', why: 'no_phone' })
  })
})

describe('after a refusal a phone', () => {
  const hour = (hours: number) => day(START) + DAY_MS + hours * HOUR_MS

  it.each([
    ['1', hour(8)],
    ['3', hour(6)],
    ['4', hour(6)],
    ['17', START + SAME_AMOUNT_REST_MS],
    ['1032', hour(8)],
    ['2040', NEVER],
  ])('rests as %s asks', (code, until) => {
    expect(restAfter(reasonFor(code), START)).toBe(until)
  })

  it('is asked again by "go on" when a person could change it', () => {
    const codes = ['1', '1032', '4', '17', '2040']
    expect(codes.filter((code) => endsByGoingOn(reasonFor(code)))).toEqual(['1', '1032'])
  })
})

type World = { now: number; facts: PlanFacts; total: Cents; settled: Cents; pushes: PlanPayment[] }

/** What a push met, by chance: paid at once or late, refused in some way. Refusals run out. */
const outcomes = fc.array(
  fc.record({
    code: fc.constantFrom('0', '0', '1', '3', '4', '17', '1032', '1037', '26'),
    afterMs: fc.integer({ min: 1_000, max: 20 * MINUTE_MS }),
  }),
  { maxLength: 30 },
)

function check(world: World, amount: Cents, position: number): void {
  const { pushes, now } = world
  const own = pushes.filter((one) => one.position === position)
  expect(amount % 100).toBe(0)
  expect(amount).toBeGreaterThan(0)
  expect(amount).toBeLessThanOrEqual(MAXIMUM_PUSH)
  expect(own.filter(({ state }) => state === 'open')).toEqual([])
  const today = own.filter(({ state, at }) => state === 'paid' && day(at) === day(now))
  expect(add(amount, ...today.map((one) => one.amount))).toBeLessThanOrEqual(DAY_LIMIT)
  const same = own.filter((one) => one.amount === amount && one.at > now - SAME_AMOUNT_REST_MS)
  expect(same).toEqual([])
}

type Coming = { push: PlanPayment; at: number; code: string }

function land(world: World, { push, at, code }: Coming): void {
  push.at = at
  push.state = code === '0' ? 'paid' : 'refused'
  if (code === '0') {
    world.settled = add(world.settled, push.amount)
    world.facts.owed = subtract(world.total, world.settled)
  } else {
    world.facts.free = add(world.facts.free, push.amount)
    const phone = world.facts.phones.find(({ position }) => position === push.position)
    if (phone) phone.restsUntil = restAfter(reasonFor(code), at)
  }
}

describe('a whole plan', () => {
  it('comes to the exact amount within every limit, whatever M-Pesa answers', () => {
    const phonesOf = fc.integer({ min: 1, max: 4 })
    const amounts = fc.integer({ min: 1, max: 6_000_000 })
    fc.assert(
      fc.property(amounts, phonesOf, outcomes, (amount, phones, chances) => {
        const total = shillings(amount)
        const facts = buildFacts({
          owed: total,
          free: total,
          deadline: START + 365 * DAY_MS,
          phones: Array.from({ length: phones }, (_, position) => ({
            position,
            restsUntil: 0,
            restCode: null,
          })),
        })
        const world: World = { now: START, facts, total, settled: ZERO, pushes: facts.payments }
        let coming: Coming[] = []
        let steps = 0
        const advance = (to: number) => {
          for (const one of coming.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at))
            land(world, one)
          coming = coming.filter(({ at }) => at > to)
          world.now = to
        }
        for (;;) {
          if ((steps += 1) > 2_000) throw new Error('no progress')
          const step = nextStep(facts, world.now)
          if (step.do === 'end') {
            expect(step.as).toBe('done')
            break
          }
          if (step.do === 'ask') {
            expect(step.why).toBe('consent')
            facts.consentedAt = world.now
          } else if (step.do === 'wait') {
            expect(step.until).toBeGreaterThan(world.now)
            advance(Math.min(step.until, ...coming.map(({ at }) => at)))
          } else {
            check(world, step.amount, step.position)
            const push: PlanPayment = {
              position: step.position,
              amount: step.amount,
              at: world.now,
              state: 'open',
            }
            facts.payments.push(push)
            facts.free = subtract(facts.free, step.amount)
            const { code, afterMs } = chances.shift() ?? { code: '0', afterMs: 20_000 }
            coming.push({ push, at: world.now + afterMs, code })
          }
        }
        expect(world.settled).toBe(total)
        expect(facts.owed).toBe(cents(0))
      }),
      { numRuns: 300 },
    )
  })
})
