/** What proves the desk's money: the terminals' own totals, the bank's list; and what two people must say. */
export const proofOfMoney = {
  name: '0023-proof-of-money',
  up: `
INSERT INTO ledger_accounts (code, number, kind, name) VALUES
  ('bank_charges', 5005, 'expense', 'Bank and card charges');

-- What a card terminal's own report says of a day. The latest counts; none is changed.
CREATE TABLE terminal_totals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day date NOT NULL, terminal text NOT NULL CHECK (terminal <> ''),
  total_cents bigint NOT NULL CHECK (total_cents >= 0),
  counted_by text NOT NULL, counted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX terminal_totals_day ON terminal_totals (day, terminal, id DESC);
CREATE TRIGGER terminal_totals_fixed BEFORE UPDATE OR DELETE ON terminal_totals
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER terminal_totals_kept BEFORE TRUNCATE ON terminal_totals EXECUTE FUNCTION refuse_change();

ALTER TABLE reconciliation_findings DROP CONSTRAINT reconciliation_findings_kind_check,
  ADD CONSTRAINT reconciliation_findings_kind_check CHECK (kind IN ('unknown_money_out', 'unknown_money_in',
    'several_candidates', 'not_settled', 'amount_differs', 'told_twice', 'missing_at_provider', 'refund_unreported',
    'bank_line', 'balance_differs', 'deposit_missing', 'transfer_missing', 'card_missing'));
CREATE INDEX till_deposits_made ON till_deposits (made_at);

-- What would make somebody's credit, or touch money that waits to go out: posted when a second person agrees.
CREATE TABLE correction_wishes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  entry_id uuid NOT NULL REFERENCES ledger_entries,
  reason text NOT NULL,
  -- The postings that should stand; null when none should.
  right_postings jsonb,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'agreed', 'declined')),
  asked_by text NOT NULL, asked_at timestamptz NOT NULL DEFAULT now(),
  decided_by text, decided_at timestamptz,
  CHECK ((status = 'waiting') = (decided_by IS NULL) AND (status = 'waiting') = (decided_at IS NULL)),
  CHECK (status <> 'agreed' OR decided_by <> asked_by)
);
CREATE UNIQUE INDEX correction_wishes_waiting ON correction_wishes (entry_id) WHERE status = 'waiting';
CREATE INDEX correction_wishes_entry ON correction_wishes (entry_id);

-- Money without an owner that would become credit above the limit: the last wish, until another person says the same.
CREATE TABLE allocation_wishes (
  receipt text PRIMARY KEY REFERENCES mpesa_receipts,
  purpose text NOT NULL, owner_id uuid NOT NULL,
  why text, asked_by text NOT NULL, asked_at timestamptz NOT NULL DEFAULT now()
);
`,
}
