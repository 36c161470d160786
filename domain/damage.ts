/** A damage report: what happened to a car, from whoever noticed it to the workshop's bill and what an insurer paid of it. */
import { subtract, ZERO, type Cents } from './money.ts'

/** One after the other, each by a person; only a total loss is completed without a workshop. */
export const DAMAGE_STATUSES = [
  'reported',
  'assessed',
  'approved',
  'in_repair',
  'completed',
] as const
export type DamageStatus = (typeof DAMAGE_STATUSES)[number]

export const SEVERITIES = ['minor', 'moderate', 'major', 'total_loss'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What a move stands on; null: nobody has said it yet. */
export type DamageFacts = {
  status: DamageStatus
  severity: Severity
  estimatedCost: Cents | null
  actualCost: Cents | null
  /** The repair that mends it. */
  maintenanceId: string | null
  claimNumber: string | null
  insurerPaid: Cents | null
}

/** A car with such damage is offered to nobody from the moment it is reported. */
export const takesCarAway = (severity: Severity): boolean =>
  severity === 'major' || severity === 'total_loss'

/** The one move that comes next; null at the end. */
export const nextDamageStatus = ({ status, severity }: DamageFacts): DamageStatus | null => {
  if (status === 'approved') return severity === 'total_loss' ? 'completed' : 'in_repair'
  return DAMAGE_STATUSES[DAMAGE_STATUSES.indexOf(status) + 1] ?? null
}

export type DamageProblem =
  | 'not_next'
  | 'estimate_missing'
  | 'repair_missing'
  | 'cost_missing'
  | 'claim_missing'
  | 'insurer_paid_too_much'
  | 'below_zero'

/** All that keeps a report from a state, said at once; empty: it may go there. */
export const damageProblems = (facts: DamageFacts, to: DamageStatus): DamageProblem[] => {
  const { estimatedCost, actualCost, maintenanceId, claimNumber, insurerPaid } = facts
  const amounts = [estimatedCost, actualCost, insurerPaid].map((one) => one ?? ZERO)
  const paid = insurerPaid ?? ZERO
  const found: [DamageProblem, boolean][] = [
    ['not_next', nextDamageStatus(facts) !== to],
    ['estimate_missing', to !== 'reported' && estimatedCost === null],
    ['repair_missing', to === 'in_repair' && maintenanceId === null],
    ['cost_missing', to === 'completed' && actualCost === null],
    ['claim_missing', paid > ZERO && claimNumber === null],
    ['insurer_paid_too_much', actualCost !== null && paid > actualCost],
    ['below_zero', amounts.some((one) => one < ZERO)],
  ]
  return found.filter(([, wrong]) => wrong).map(([problem]) => problem)
}

/** What stays with the house of a finished report. */
export const ownShare = ({ actualCost, insurerPaid }: DamageFacts): Cents =>
  subtract(actualCost ?? ZERO, insurerPaid ?? ZERO)

/** `DMG-26-000001`. `year` is the full year in Nairobi. */
export const damageNumber = (year: number, sequence: number): string =>
  `DMG-${String(year % 100).padStart(2, '0')}-${String(sequence).padStart(6, '0')}`

export const DAMAGE_LIMITS = { descriptionLength: 2_000, claimNumberLength: 40 } as const
