/** Large refunds that somebody says they paid by hand: written down by one person, agreed to by another. */
export const paidByHand = {
  name: '0026-paid-by-hand',
  up: `
CREATE TABLE refund_hand_wishes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  refund_id uuid NOT NULL REFERENCES refunds,
  how text NOT NULL CHECK (how <> ''),
  -- Of the bank or the card; M-Pesa's receipt where it was sent by M-Pesa.
  reference text NOT NULL CHECK (reference <> ''),
  receipt text,
  -- overtaken: M-Pesa paid it as well, or somebody wrote something else down.
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'agreed', 'declined', 'overtaken')),
  asked_by text NOT NULL, asked_at timestamptz NOT NULL,
  decided_by text, decided_at timestamptz, note text,
  CHECK ((status = 'waiting') = (decided_by IS NULL) AND (status = 'waiting') = (decided_at IS NULL)),
  CHECK (status <> 'agreed' OR decided_by <> asked_by)
);
CREATE UNIQUE INDEX refund_hand_wishes_standing ON refund_hand_wishes (refund_id)
  WHERE status IN ('waiting', 'agreed', 'overtaken');
`,
}
