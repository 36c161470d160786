/** The rule is bounded, says the same of the same, and no bad thing more ever helps. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  CREDIT_FACTS,
  levelOf,
  MOST_SCORE,
  reckonCredit,
  type CreditFact,
  type CreditFacts,
} from '../../domain/credit-rule.ts'
import { RISK_LEVELS } from '../../domain/customers.ts'
import { differs } from '../../domain/ratings.ts'

const NONE = Object.fromEntries(CREDIT_FACTS.map((code) => [code, 0])) as CreditFacts
const yesOrNo = fc.nat({ max: 1 })
const many = fc.nat({ max: 40 })
const facts: fc.Arbitrary<CreditFacts> = fc.record({
  rentals: many,
  years: many,
  phone: yesOrNo,
  email: yesOrNo,
  papers: yesOrNo,
  damage: many,
  unpaid: many,
  late: many,
  expired: many,
  cancelled: many,
})
const HARMFUL: CreditFact[] = ['damage', 'unpaid', 'late', 'expired', 'cancelled']
const HELPFUL = CREDIT_FACTS.filter((code) => !HARMFUL.includes(code))
const withMore = (known: CreditFacts, code: CreditFact) => ({ ...known, [code]: known[code] + 1 })

describe('the rule', () => {
  it('stays between nothing and a hundred, in whole points, with a level', () => {
    fc.assert(
      fc.property(facts, (known) => {
        const { score, level } = reckonCredit(known)
        expect(Number.isInteger(score) && score >= 0 && score <= MOST_SCORE).toBe(true)
        expect(level).toBe(levelOf(score))
      }),
    )
  })

  it.each(HARMFUL)('never scores higher, and never lower in risk, for one more of: %s', (code) => {
    fc.assert(
      fc.property(facts, (known) => {
        const [before, after] = [reckonCredit(known), reckonCredit(withMore(known, code))]
        expect(after.score).toBeLessThanOrEqual(before.score)
        expect(RISK_LEVELS.indexOf(after.level)).toBeGreaterThanOrEqual(
          RISK_LEVELS.indexOf(before.level),
        )
      }),
    )
  })

  it.each(HELPFUL)('never scores lower for one more of: %s', (code) => {
    fc.assert(
      fc.property(facts, (known) => {
        const after = reckonCredit(withMore(known, code))
        expect(after.score).toBeGreaterThanOrEqual(reckonCredit(known).score)
      }),
    )
  })

  it('says the same of the same facts, and gives reasons that add up', () => {
    fc.assert(
      fc.property(facts, (known) => {
        const reckoned = reckonCredit(known)
        expect(reckonCredit({ ...known })).toEqual(reckoned)
        const sum = reckoned.reasons.reduce((total, { points }) => total + points, 0)
        expect(reckoned.score).toBe(Math.min(MOST_SCORE, Math.max(0, sum)))
      }),
    )
  })

  it.each([
    ['somebody new', {}, 60, 'low'],
    [
      'a good customer of years',
      { rentals: 12, years: 6, phone: 1, email: 1, papers: 1 },
      100,
      'low',
    ],
    ['one charge that was not paid', { unpaid: 1 }, 48, 'medium'],
    ['two, and damage', { unpaid: 2, damage: 1 }, 28, 'high'],
    ['bookings that were never paid alone', { expired: 40 }, 55, 'low'],
    ['all that is bad', { damage: 9, unpaid: 9, late: 9, expired: 9, cancelled: 9 }, 0, 'high'],
  ] as const)('reckons %s', (_, over, score, level) => {
    expect(reckonCredit({ ...NONE, ...over })).toMatchObject({ score, level, rule: 'v1' })
  })

  it('has nothing new to say of more of what counts no further', () => {
    const [ten, eleven] = [10, 11].map((rentals) => reckonCredit({ ...NONE, rentals }))
    expect(differs({ ...ten!, byHand: false }, eleven!)).toBe(false)
    expect(differs({ ...ten!, byHand: true }, ten!)).toBe(true)
    expect(differs(null, ten!)).toBe(true)
    const same = { ...reckonCredit({ ...NONE, phone: 1, expired: 3 }), byHand: false }
    expect(differs(same, reckonCredit(NONE))).toBe(true)
  })
})
