/** What will happen to money when it is given to somebody: told before the click, by the rules of the settle. */
import type { AllocationPreview } from '../domain/allocation-pages.ts'
import { cents, subtract, ZERO, type Cents } from '../domain/money.ts'
import type { MoneyTarget } from '../domain/paybill.ts'
import { inTransaction, selectOne, type Database } from './connection.ts'
import { takesMoney } from './paybill-allocation.ts'
import { lockOwner, roomOf, type PaymentOwner } from './payment-owners.ts'

/** Null when there is no such thing. */
export const previewAllocation = (
  db: Database,
  target: MoneyTarget,
  amount: Cents,
): Promise<AllocationPreview | null> =>
  inTransaction(db, async (tx) => {
    const owner = await lockOwner(tx, target.purpose, target.ownerId)
    if (!owner) return null
    const person = await selectOne<{ name: string }>(
      tx,
      "SELECT trim(first_name || ' ' || last_name) AS name FROM users WHERE id = $1",
      [owner.customerId],
    )
    const customerName = person?.name ?? ''
    const applied = owner.payable ? smaller(amount, await roomOf(tx, owner)) : ZERO
    return {
      target,
      name: owner.purpose === 'credit' ? customerName : owner.number,
      customerId: owner.customerId,
      customerName,
      ...sharesOf(owner, amount, applied),
      refused: takesMoney(owner) ? null : 'It has ended, so it takes no money any more.',
    }
  })

const smaller = (left: Cents, right: Cents): Cents => cents(Math.max(0, Math.min(left, right)))

const sharesOf = ({ purpose }: PaymentOwner, amount: Cents, applied: Cents) =>
  purpose === 'credit'
    ? { applied: ZERO, credited: amount }
    : { applied, credited: subtract(amount, applied) }
