/** Several refunds of one payment, of credit and of money nobody knows; a second person; cases for finance. */
export const refundsAndCases = {
  name: '0009-refunds',
  up: `
CREATE TABLE finance_cases (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  what text NOT NULL CHECK (what ~ '^[a-z_]{3,40}$'),
  -- What it is about: the id of a refund, a receipt, a payment.
  subject text NOT NULL,
  -- Where somebody works on it: a path of ours.
  place text CHECK (place LIKE '/%'),
  detail text NOT NULL CHECK (length(detail) <= 500),
  amount_cents bigint CHECK (amount_cents > 0),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
  opened_at timestamptz NOT NULL, due_at timestamptz NOT NULL, closed_at timestamptz,
  assigned_to uuid REFERENCES users, resolution text, closed_by text,
  CHECK ((status = 'closed') = (closed_at IS NOT NULL AND resolution IS NOT NULL))
);
CREATE UNIQUE INDEX finance_cases_open ON finance_cases (what, subject) WHERE status = 'open';
CREATE INDEX finance_cases_oldest ON finance_cases (status, opened_at, id);

ALTER TABLE refunds
  DROP CONSTRAINT refunds_payment_id_key,
  DROP CONSTRAINT refunds_status_check,
  ALTER COLUMN payment_id DROP NOT NULL,
  ADD CONSTRAINT refunds_status_check CHECK (status IN ('requested', 'awaiting_approval', 'approved',
    'declined', 'sent', 'settled', 'refused')),
  ADD CONSTRAINT refunds_method_check CHECK (method IN ('reversal', 'payout', 'cash', 'credit', 'by_hand')),
  ADD COLUMN source_receipt text REFERENCES mpesa_receipts,
  ADD COLUMN customer_id uuid REFERENCES users,
  ADD COLUMN owner_number text NOT NULL DEFAULT '',
  ADD COLUMN asked_by text NOT NULL DEFAULT 'rule' CHECK (asked_by IN ('rule', 'person')),
  -- Where the money is paid out to: the phone that paid, or the one that finance names.
  ADD COLUMN phone text CHECK (phone ~ '^\\+254[17][0-9]{8}$'),
  ADD COLUMN whole boolean NOT NULL DEFAULT true,
  -- What of it is taken from the customer's credit, and from what was earned; the rest was owed to them.
  ADD COLUMN credit_cents bigint NOT NULL DEFAULT 0 CHECK (credit_cents >= 0),
  ADD COLUMN earned_cents bigint NOT NULL DEFAULT 0 CHECK (earned_cents >= 0),
  ADD CONSTRAINT refunds_sources_fit CHECK (credit_cents + earned_cents <= amount_cents),
  -- How often it was sent: each attempt after a definite no has a key of its own.
  ADD COLUMN attempts integer NOT NULL DEFAULT 0,
  ADD COLUMN decided_by text, ADD COLUMN decided_at timestamptz, ADD COLUMN decision_note text,
  ADD COLUMN till_session_id uuid, ADD COLUMN sent_at timestamptz,
  ADD COLUMN version bigint NOT NULL DEFAULT 0,
  -- Whoever asks never decides.
  ADD CONSTRAINT refunds_second_person CHECK (decided_by IS NULL OR asked_by = 'rule' OR decided_by <> requested_by),
  ADD CONSTRAINT refunds_one_source CHECK (num_nonnulls(payment_id, source_receipt) <= 1
    AND num_nonnulls(payment_id, source_receipt, customer_id) >= 1);
CREATE INDEX refunds_payment ON refunds (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX refunds_newest ON refunds (requested_at DESC, id DESC);
CREATE UNIQUE INDEX refunds_one_per_receipt ON refunds (source_receipt) WHERE status <> 'declined';

-- What is on its way back or back already. Counted by the database, so that no path gives back more than came.
ALTER TABLE payments ADD COLUMN returning_cents bigint NOT NULL DEFAULT 0;
UPDATE payments p SET returning_cents = r.amount_cents FROM refunds r WHERE r.payment_id = p.id;
ALTER TABLE payments ADD CONSTRAINT payments_give_back_what_came
  CHECK (returning_cents >= 0 AND returning_cents <= amount_cents AND refunded_cents <= returning_cents);
CREATE FUNCTION count_returning() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before bigint := CASE WHEN TG_OP = 'UPDATE' AND OLD.status <> 'declined' THEN OLD.amount_cents ELSE 0 END;
  after bigint := CASE WHEN NEW.status <> 'declined' THEN NEW.amount_cents ELSE 0 END;
BEGIN
  IF NEW.payment_id IS NOT NULL AND before <> after THEN
    UPDATE payments SET returning_cents = returning_cents + after - before WHERE id = NEW.payment_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER refunds_counted AFTER INSERT OR UPDATE OF status, amount_cents ON refunds
  FOR EACH ROW EXECUTE FUNCTION count_returning();
`,
}
