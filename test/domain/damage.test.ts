/** A damage report goes one step at a time, and each step stands on what has to be known by then. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  DAMAGE_STATUSES,
  damageNumber,
  damageProblems,
  nextDamageStatus,
  ownShare,
  SEVERITIES,
  takesCarAway,
  type DamageFacts,
} from '../../domain/damage.ts'
import { cents, shillings } from '../../domain/money.ts'

const report = (over: Partial<DamageFacts> = {}): DamageFacts => ({
  status: 'reported',
  severity: 'moderate',
  estimatedCost: shillings(20_000),
  actualCost: null,
  maintenanceId: null,
  claimNumber: null,
  insurerPaid: null,
  ...over,
})
const money = fc.option(fc.integer({ min: -100, max: 9_000_000 }).map(cents), { nil: null })
const word = fc.option(fc.constant('one'), { nil: null })
const reports = fc.record({
  status: fc.constantFrom(...DAMAGE_STATUSES),
  severity: fc.constantFrom(...SEVERITIES),
  estimatedCost: money,
  actualCost: money,
  maintenanceId: word,
  claimNumber: word,
  insurerPaid: money,
})

describe('a damage report', () => {
  it('is assessed with an estimate, approved, repaired in a workshop, and completed with its cost', () => {
    expect(damageProblems(report(), 'assessed')).toEqual([])
    expect(damageProblems(report({ status: 'assessed' }), 'approved')).toEqual([])
    const approved = report({ status: 'approved' })
    expect(damageProblems(approved, 'in_repair')).toEqual(['repair_missing'])
    expect(damageProblems({ ...approved, maintenanceId: 'one' }, 'in_repair')).toEqual([])
    const inRepair = report({ status: 'in_repair', maintenanceId: 'one' })
    expect(damageProblems(inRepair, 'completed')).toEqual(['cost_missing'])
    const costs = { ...inRepair, actualCost: shillings(18_000) }
    expect(damageProblems(costs, 'completed')).toEqual([])
  })

  it('is not assessed before somebody said what it will cost', () => {
    const unknown = report({ estimatedCost: null })
    expect(damageProblems(unknown, 'assessed')).toEqual(['estimate_missing'])
  })

  it('of a total loss goes to no workshop', () => {
    const lost = report({ status: 'approved', severity: 'total_loss', maintenanceId: 'one' })
    expect(damageProblems(lost, 'in_repair')).toEqual(['not_next'])
    expect(damageProblems({ ...lost, actualCost: shillings(900_000) }, 'completed')).toEqual([])
  })

  it('leaves out no step and takes none back, whatever is known of it', () => {
    fc.assert(
      fc.property(reports, fc.constantFrom(...DAMAGE_STATUSES), (facts, to) => {
        if (damageProblems(facts, to).length > 0) return
        expect(to).toBe(nextDamageStatus(facts))
        expect(DAMAGE_STATUSES.indexOf(to)).toBeGreaterThan(DAMAGE_STATUSES.indexOf(facts.status))
      }),
    )
  })

  it('ends with completed', () => {
    fc.assert(
      fc.property(reports, (facts) => {
        expect(nextDamageStatus({ ...facts, status: 'completed' })).toBeNull()
      }),
    )
  })
})

describe('an insurer', () => {
  const done = report({
    status: 'in_repair',
    maintenanceId: 'one',
    actualCost: shillings(50_000),
    claimNumber: 'CLM-7',
    insurerPaid: shillings(50_000),
  })

  it('pays on a claim, up to what the repair cost', () => {
    expect(damageProblems(done, 'completed')).toEqual([])
    expect(damageProblems({ ...done, claimNumber: null }, 'completed')).toEqual(['claim_missing'])
    const more = { ...done, insurerPaid: cents(shillings(50_000) + 1) }
    expect(damageProblems(more, 'completed')).toEqual(['insurer_paid_too_much'])
  })

  it('never pays more of a completed report than it cost, and nothing is below zero', () => {
    fc.assert(
      fc.property(reports, (facts) => {
        if (damageProblems(facts, 'completed').length > 0) return
        expect(ownShare(facts)).toBeGreaterThanOrEqual(0)
        expect(ownShare(facts)).toBeLessThanOrEqual(facts.actualCost ?? 0)
      }),
    )
  })
})

describe('a car', () => {
  it('is taken away by major damage and total loss only', () => {
    expect(SEVERITIES.filter(takesCarAway)).toEqual(['major', 'total_loss'])
  })
})

describe('the number of a report', () => {
  it('has its year and counts up', () => {
    expect(damageNumber(2026, 1)).toBe('DMG-26-000001')
    expect(damageNumber(2105, 123_456)).toBe('DMG-05-123456')
  })
})
