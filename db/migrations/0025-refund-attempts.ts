/** Ids under which M-Pesa knew earlier attempts of a refund, so that a late word about one decides nothing anew. */
export const refundAttempts = {
  name: '0025-refund-attempts',
  up: `ALTER TABLE refunds ADD COLUMN earlier_ids text[] NOT NULL DEFAULT '{}';`,
}
