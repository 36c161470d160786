/** What is owed when a car comes back, beyond its price: one line each, with the facts that explain it. Whole shillings, VAT inside. */
import { FULL, type Cleanliness, type ConditionCheck, type Mark } from './rentals.ts'
import { add, cents, shillings, times, ZERO, type Cents } from './money.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts'

export type RentalChargeKind = 'extra_km' | 'fuel' | 'late' | 'cleaning' | 'other_place' | 'damage'

export type RentalCharge = {
  kind: RentalChargeKind
  /** Of kilometres, litres, hours, or one. */
  quantity: number
  unitPrice: Cents
  amount: Cents
  /** What it was reckoned from, in numbers and codes; pages make sentences of it. */
  facts: Record<string, number | string>
}

/** Written down when the car leaves, so that nothing becomes dearer on the road. */
export type RentalTerms = {
  freeKmPerDay: number
  perKm: Cents
  fuelCapacityL: number
  fuelPerLitre: Cents
  /** For driving to the petrol station; once, when there is less than before. */
  refuelling: Cents
  graceMs: number
  perHourLate: Cents
  /** The most that a day late costs. */
  perDayLate: Cents
  cleaning: Record<Cleanliness, Cents>
}

export const HOUSE_TERMS = {
  freeKmPerDay: 200,
  /** Where nobody wrote down how large the tank is. */
  fuelCapacityL: 50,
  fuelPerLitre: shillings(190),
  refuelling: shillings(500),
  graceMs: 59 * MINUTE_MS,
  cleaning: { clean: ZERO, dirty: shillings(1_500), very_dirty: shillings(5_000) },
} as const

type Rates = { perKmRate: Cents; hourlyRate: Cents; dailyRate: Cents }

export const termsOf = (rates: Rates, fuelCapacityL: number | null): RentalTerms => ({
  ...HOUSE_TERMS,
  fuelCapacityL: fuelCapacityL ?? HOUSE_TERMS.fuelCapacityL,
  perKm: rates.perKmRate,
  perHourLate: rates.hourlyRate,
  perDayLate: rates.dailyRate,
})

export type Comparison = {
  terms: RentalTerms
  before: ConditionCheck
  after: ConditionCheck
  pickedUpAt: Date
  dueAt: Date
  returnedAt: Date
  /** Of taking the car back to where it was to be; zero where it is there. */
  otherPlaceFee: Cents
  damage: readonly { mark: Mark; amount: Cents }[]
}

/** Down to the shilling, in the customer's favour. */
const whole = (amount: number): Cents => shillings(Math.floor(amount / 100))

/** Begun days are whole ones: free kilometres are never fewer because a car comes back early. */
function extraKm({ terms, before, after, pickedUpAt, dueAt, returnedAt }: Comparison) {
  const until = Math.max(dueAt.getTime(), returnedAt.getTime())
  const days = Math.max(1, Math.ceil((until - pickedUpAt.getTime()) / DAY_MS))
  const [driven, free] = [after.odometerKm - before.odometerKm, days * terms.freeKmPerDay]
  const extra = Math.max(0, driven - free)
  return line('extra_km', extra, terms.perKm, { driven, free, days })
}

/** Whole litres, rounded down; who brings back more is not paid for it. */
function fuel({ terms, before, after }: Comparison): RentalCharge | null {
  const missing = Math.max(0, before.fuelEighths - after.fuelEighths)
  const litres = Math.floor((missing * terms.fuelCapacityL) / FULL)
  if (litres === 0) return null
  const found = line('fuel', litres, terms.fuelPerLitre, {
    before: before.fuelEighths,
    after: after.fuelEighths,
  })
  return found && { ...found, amount: add(found.amount, terms.refuelling) }
}

/** Within the grace nothing; beyond it from the minute it was due: begun hours, and a day never more than a day's price. */
function late({ terms, dueAt, returnedAt }: Comparison): RentalCharge | null {
  const over = returnedAt.getTime() - dueAt.getTime()
  if (over <= terms.graceMs) return null
  const days = Math.floor(over / DAY_MS)
  const hours = Math.ceil((over - days * DAY_MS) / HOUR_MS)
  const rest = Math.min(times(terms.perHourLate, hours), terms.perDayLate)
  const amount = whole(times(terms.perDayLate, days) + rest)
  const quantity = Math.ceil(over / HOUR_MS)
  return {
    kind: 'late',
    quantity,
    unitPrice: terms.perHourLate,
    amount,
    facts: { minutes: Math.ceil(over / MINUTE_MS), days, hours },
  }
}

/** Nobody pays for dirt that was there before. */
function cleaning({ terms, before, after }: Comparison): RentalCharge | null {
  const price = terms.cleaning[after.cleanliness] - terms.cleaning[before.cleanliness]
  return line('cleaning', 1, cents(Math.max(0, price)), { found: after.cleanliness })
}

function line(
  kind: RentalChargeKind,
  quantity: number,
  unitPrice: Cents,
  facts: RentalCharge['facts'],
): RentalCharge | null {
  const amount = whole(times(unitPrice, quantity))
  return amount > 0 ? { kind, quantity, unitPrice, amount, facts } : null
}

/** In the order in which they are shown; empty where nothing is owed. */
export const chargesOf = (compared: Comparison): RentalCharge[] =>
  [
    late(compared),
    extraKm(compared),
    fuel(compared),
    cleaning(compared),
    line('other_place', 1, compared.otherPlaceFee, {}),
    ...compared.damage.map(({ mark, amount }) => line('damage', 1, amount, { ...mark })),
  ].filter((one) => one !== null)

export const totalOf = (charges: readonly Pick<RentalCharge, 'amount'>[]): Cents =>
  add(ZERO, ...charges.map(({ amount }) => amount))
