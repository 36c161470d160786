/** Money sent to our paybill by hand: its story, the prompt it may belong to, and finding its owner. */
export const paybill = {
  name: '0010-paybill',
  up: `
CREATE EXTENSION IF NOT EXISTS pg_trgm;
ALTER TABLE mpesa_receipts
  -- The payment that this money becomes when it came by hand; also the id of its workflow.
  ADD COLUMN story_id uuid UNIQUE,
  -- The prompt whose money this may be, while its outcome is not known.
  ADD COLUMN waits_for uuid REFERENCES payments,
  -- Since when finance sees it in the queue.
  ADD COLUMN unmatched_at timestamptz;
CREATE INDEX payments_by_amount ON payments (amount_cents, requested_at)
  WHERE channel = 'prompt' AND method = 'mpesa';
`,
}
