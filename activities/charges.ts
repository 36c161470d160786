/** Database steps of a charge, and of shares that were not paid: one transaction each, safe to repeat. */
import type {
  ChargeAnswer,
  ChargeEnd,
  ChargeEndReason,
  ChargeInput,
  ChargeProgress,
} from '../domain/charges.ts'
import { endCharge, openCharge, progressCharge } from '../db/charges.ts'
import { inTransaction, type Database } from '../db/connection.ts'
import {
  coverShare,
  openCover,
  shrinkCharge,
  type Covered,
  type Covering,
  type ShareRefusal,
  type Shrinking,
  type Shrunk,
} from '../db/missed-shares.ts'
import { declineChargeShare } from '../db/charge-shares.ts'
import type { Shared } from '../db/shares.ts'

type World = { db: Database; now: () => Date }
type End = { chargeId: string; reason: ChargeEndReason; actorId: string; note: string | null }

export const createChargeActivities = ({ db, now }: World) => ({
  openCharge: (input: ChargeInput): Promise<ChargeAnswer> =>
    inTransaction(db, (tx) => openCharge(tx, input, now())),

  progressCharge: (id: string): Promise<ChargeProgress> =>
    inTransaction(db, (tx) => progressCharge(tx, id)),

  endCharge: (end: End): Promise<ChargeEnd> => inTransaction(db, (tx) => endCharge(tx, end)),

  declineChargeShare: (chargeId: string, partyId: string): Promise<{ allDeclined: boolean }> =>
    inTransaction(db, (tx) => declineChargeShare(tx, chargeId, partyId)),

  /** Until when the others may do something about a share that was not paid; null when nothing is waited for. */
  openCover: (what: Shared, id: string): Promise<string | null> =>
    inTransaction(db, (tx) => openCover(tx, what, id, now())),

  coverShare: (wish: Covering): Promise<Covered | ShareRefusal> =>
    inTransaction(db, (tx) => coverShare(tx, wish, now())),

  shrinkCharge: (wish: Shrinking): Promise<Shrunk | ShareRefusal> =>
    inTransaction(db, (tx) => shrinkCharge(tx, wish, now())),
})
