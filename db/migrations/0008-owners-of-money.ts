/**
 * Every shilling has one owner: one row for each M-Pesa receipt, whoever told us first; a chart of accounts; what
 * of a payment counts for its owner and what became the customer's credit.
 */
export const ownersOfMoney = {
  name: '0008-owners-of-money',
  up: `
CREATE TABLE mpesa_receipts (
  receipt text PRIMARY KEY CHECK (receipt ~ '^[A-Z0-9]{6,20}$'),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  heard_from text NOT NULL CHECK (heard_from IN ('callback', 'status', 'confirmation', 'pull', 'statement', 'hand')),
  -- As the provider said them: a masked or hashed number, a name, what the payer typed as the account.
  payer text, payer_name text, reference text, paid_at timestamptz,
  status text NOT NULL CHECK (status IN ('matched', 'unmatched', 'returned')),
  payment_id uuid UNIQUE REFERENCES payments,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((status = 'matched') = (payment_id IS NOT NULL))
);
CREATE INDEX mpesa_receipts_unmatched ON mpesa_receipts (created_at) WHERE status = 'unmatched';
CREATE TRIGGER mpesa_receipts_touch BEFORE UPDATE ON mpesa_receipts FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, status, payment_id, paid_at)
  SELECT receipt, amount_cents, 'callback', 'matched', id, processed_at FROM payments WHERE receipt IS NOT NULL;

ALTER TABLE payments
  DROP CONSTRAINT payments_purpose_check,
  ADD CONSTRAINT payments_purpose_check CHECK (purpose IN ('reservation', 'charge', 'credit')),
  ADD CONSTRAINT payments_type_check CHECK (type IN ('rental', 'deposit', 'additional', 'damage', 'sale',
    'service', 'stay', 'credit')),
  ADD CONSTRAINT payments_method_check CHECK (method IN ('mpesa', 'cash', 'bank_transfer', 'credit_card',
    'debit_card', 'credit', 'account')),
  ADD COLUMN channel text NOT NULL DEFAULT 'prompt' CHECK (channel IN ('prompt', 'paybill', 'desk', 'credit')),
  ALTER COLUMN phone DROP NOT NULL,
  ADD CONSTRAINT payments_prompt_has_phone CHECK (channel <> 'prompt' OR phone IS NOT NULL),
  -- What counts for the owner, and what became credit of the customer; the rest still looks for a home.
  ADD COLUMN applied_cents bigint NOT NULL DEFAULT 0 CHECK (applied_cents >= 0),
  ADD COLUMN credited_cents bigint NOT NULL DEFAULT 0 CHECK (credited_cents >= 0),
  -- What the person at the desk wrote down: a slip's number, a bank's reference.
  ADD COLUMN desk_reference text;
UPDATE payments SET applied_cents = amount_cents WHERE counted;
ALTER TABLE payments ADD CHECK (applied_cents + credited_cents <= amount_cents),
  ADD CHECK (counted = (applied_cents > 0));

ALTER TABLE ledger_accounts ADD COLUMN number integer UNIQUE,
  ADD COLUMN kind text CHECK (kind IN ('asset', 'liability', 'income', 'expense'));
UPDATE ledger_accounts a SET number = c.number, kind = c.kind, name = c.name FROM (VALUES
  ('mpesa_clearing', 1000, 'asset', 'M-Pesa account'),
  ('customer_deposits', 2000, 'liability', 'Paid in advance by customers'),
  ('rental_revenue', 4000, 'income', 'Rental revenue'),
  ('vat_output', 2100, 'liability', 'VAT owed')) AS c (code, number, kind, name) WHERE a.code = c.code;
INSERT INTO ledger_accounts (code, number, kind, name) VALUES
  ('cash_tills', 1010, 'asset', 'Cash in the tills'),
  ('bank', 1020, 'asset', 'Bank account'),
  ('card_clearing', 1030, 'asset', 'Card payments on their way'),
  ('receivables', 1100, 'asset', 'Owed by companies on account'),
  ('security_deposits', 2010, 'liability', 'Security deposits'),
  ('customer_credit', 2020, 'liability', 'Credit of customers'),
  ('refunds_due', 2030, 'liability', 'Refunds on their way'),
  ('unexplained', 2040, 'liability', 'Money without an owner yet'),
  ('sales_revenue', 4010, 'income', 'Vehicle sales'),
  ('service_revenue', 4020, 'income', 'Workshop'),
  ('stays_revenue', 4030, 'income', 'Stays'),
  ('other_revenue', 4090, 'income', 'Damage and other charges'),
  ('mpesa_charges', 5000, 'expense', 'M-Pesa charges'),
  ('cash_differences', 5010, 'expense', 'Cash over and short'),
  ('write_offs', 5020, 'expense', 'Written off');
ALTER TABLE ledger_accounts ALTER COLUMN number SET NOT NULL, ALTER COLUMN kind SET NOT NULL;
-- Whose money within the account: a booking, a customer, a till session, a receipt, a refund.
ALTER TABLE ledger_postings ADD COLUMN subject text;
CREATE INDEX ledger_postings_subject ON ledger_postings (account, subject) INCLUDE (amount_cents);
DROP INDEX ledger_postings_account;
ALTER TABLE ledger_entries ADD COLUMN description text NOT NULL DEFAULT '',
  ADD COLUMN posted_by text NOT NULL DEFAULT 'gari',
  ADD COLUMN reverses uuid UNIQUE REFERENCES ledger_entries;
ALTER TABLE provider_messages DROP CONSTRAINT provider_messages_kind_check,
  ADD CONSTRAINT provider_messages_kind_check CHECK (kind ~ '^[a-z_]{3,40}$');
CREATE INDEX ledger_entries_time ON ledger_entries (posted_at DESC, id DESC);
`,
}
