/** People of a charge who say that they do not pay. */
import { appendAudit } from './audit.ts'
import { lockCharge } from './charge-rows.ts'
import type { Tx } from './connection.ts'
import { markDeclined, readShares } from './shares.ts'

/** Once for each; whether that was the last one who might have paid. */
export async function declineChargeShare(
  tx: Tx,
  chargeId: string,
  partyId: string,
): Promise<{ allDeclined: boolean }> {
  await lockCharge(tx, chargeId)
  if (await markDeclined(tx, 'charge', chargeId, partyId)) {
    const entity = { entity: 'charge', entityId: chargeId, after: { party_id: partyId } }
    await appendAudit(tx, { actor: 'party', action: 'charge.share_declined', ...entity })
  }
  const shares = await readShares(tx, 'charge', chargeId)
  return { allDeclined: shares.every(({ declined }) => declined) }
}
