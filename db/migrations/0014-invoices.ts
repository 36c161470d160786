/**
 * Invoices, credit notes and receipts, numbered without gaps: the counter's row is locked by the transaction that issues,
 * so a number that is rolled back is given to the next. What was issued is never changed or deleted.
 */
export const invoices = {
  name: '0014-invoices',
  up: `
CREATE TABLE document_series (
  series text NOT NULL CHECK (series IN ('INV', 'CRN', 'RCT')), year integer NOT NULL,
  last bigint NOT NULL DEFAULT 0, PRIMARY KEY (series, year)
);

CREATE TABLE invoices (
  id uuid PRIMARY KEY,
  -- What may be invoiced only once: one booking, or one share of it.
  key text NOT NULL UNIQUE,
  number text UNIQUE,
  purpose text NOT NULL CHECK (purpose IN ('reservation', 'charge')),
  owner_id uuid NOT NULL, owner_number text NOT NULL,
  customer_id uuid NOT NULL REFERENCES users,
  -- Whose payments count; all of the owner's when it is null.
  party_id uuid,
  -- A company that pays on account.
  company_id uuid,
  bill_to jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('draft', 'issued', 'sent', 'overdue', 'paid', 'cancelled')),
  terms_days integer NOT NULL CHECK (terms_days BETWEEN 0 AND 120),
  net_cents bigint NOT NULL CHECK (net_cents >= 0), vat_cents bigint NOT NULL CHECK (vat_cents >= 0),
  gross_cents bigint NOT NULL CHECK (gross_cents > 0),
  credited_cents bigint NOT NULL DEFAULT 0, paid_cents bigint NOT NULL DEFAULT 0 CHECK (paid_cents >= 0),
  -- A refundable deposit is not income: shown beside the lines, never in the totals.
  deposit_cents bigint NOT NULL DEFAULT 0 CHECK (deposit_cents >= 0),
  issued_at timestamptz, due_at timestamptz, sent_at timestamptz, paid_at timestamptz, cancelled_at timestamptz,
  -- The worker's sweep has started its story.
  issue_wanted boolean NOT NULL DEFAULT false, started_at timestamptz,
  reminded jsonb NOT NULL DEFAULT '[]', case_at timestamptz,
  etims_status text NOT NULL DEFAULT 'off' CHECK (etims_status IN ('off', 'pending', 'registered', 'refused')),
  etims jsonb, etims_note text,
  version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CHECK (net_cents + vat_cents = gross_cents),
  CHECK (credited_cents BETWEEN 0 AND gross_cents),
  CHECK ((number IS NULL) = (issued_at IS NULL) AND (number IS NULL) = (due_at IS NULL)),
  CHECK (status <> 'draft' OR number IS NULL),
  CHECK (status IN ('draft', 'cancelled') OR number IS NOT NULL),
  CHECK ((etims_status = 'registered') = (etims IS NOT NULL))
);
CREATE INDEX invoices_owner ON invoices (owner_id);
CREATE INDEX invoices_customer ON invoices (customer_id, created_at DESC);
CREATE INDEX invoices_newest ON invoices (created_at DESC, id DESC);
CREATE INDEX invoices_to_start ON invoices (created_at) WHERE issue_wanted AND started_at IS NULL;
CREATE TRIGGER invoices_touch BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION touch();

CREATE TABLE invoice_lines (
  invoice_id uuid NOT NULL REFERENCES invoices, position integer NOT NULL,
  description text NOT NULL, quantity integer NOT NULL CHECK (quantity > 0),
  unit_price_cents bigint NOT NULL CHECK (unit_price_cents >= 0),
  vat_rate integer NOT NULL CHECK (vat_rate IN (0, 16)),
  net_cents bigint NOT NULL, vat_cents bigint NOT NULL, gross_cents bigint NOT NULL,
  PRIMARY KEY (invoice_id, position),
  CHECK (net_cents + vat_cents = gross_cents AND gross_cents = quantity * unit_price_cents)
);

CREATE FUNCTION keep_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.number IS NULL THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF;
  IF TG_OP = 'DELETE' OR (OLD.number, OLD.owner_id, OLD.bill_to, OLD.net_cents, OLD.vat_cents, OLD.gross_cents,
      OLD.deposit_cents, OLD.issued_at, OLD.due_at, OLD.company_id, OLD.party_id)
    IS DISTINCT FROM (NEW.number, NEW.owner_id, NEW.bill_to, NEW.net_cents, NEW.vat_cents, NEW.gross_cents,
      NEW.deposit_cents, NEW.issued_at, NEW.due_at, NEW.company_id, NEW.party_id)
    OR (OLD.etims IS NOT NULL AND NEW.etims IS DISTINCT FROM OLD.etims)
    OR NEW.status = 'draft' OR NEW.credited_cents < OLD.credited_cents THEN
    RAISE EXCEPTION 'invoice % was issued: it can only be credited', OLD.number;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoices_keep BEFORE UPDATE OR DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION keep_issued_invoice();
CREATE FUNCTION keep_issued_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM invoices WHERE number IS NOT NULL
      AND id = CASE TG_OP WHEN 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END) THEN
    RAISE EXCEPTION 'the lines of an issued invoice stand';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER invoice_lines_keep BEFORE INSERT OR UPDATE OR DELETE ON invoice_lines
  FOR EACH ROW EXECUTE FUNCTION keep_issued_lines();

CREATE TABLE credit_notes (
  id uuid PRIMARY KEY, number text NOT NULL UNIQUE, invoice_id uuid NOT NULL REFERENCES invoices,
  reason text NOT NULL, lines jsonb NOT NULL,
  net_cents bigint NOT NULL, vat_cents bigint NOT NULL, gross_cents bigint NOT NULL CHECK (gross_cents > 0),
  issued_at timestamptz NOT NULL, issued_by text NOT NULL, started_at timestamptz,
  etims_status text NOT NULL DEFAULT 'off' CHECK (etims_status IN ('off', 'pending', 'registered', 'refused')),
  etims jsonb, etims_note text, sent_at timestamptz,
  CHECK (net_cents + vat_cents = gross_cents)
);
CREATE INDEX credit_notes_invoice ON credit_notes (invoice_id);
CREATE INDEX credit_notes_to_start ON credit_notes (issued_at) WHERE started_at IS NULL;
CREATE FUNCTION keep_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.number, OLD.invoice_id, OLD.lines, OLD.net_cents, OLD.vat_cents,
      OLD.gross_cents, OLD.issued_at) IS DISTINCT FROM (NEW.id, NEW.number, NEW.invoice_id, NEW.lines,
      NEW.net_cents, NEW.vat_cents, NEW.gross_cents, NEW.issued_at)
    OR (OLD.etims IS NOT NULL AND NEW.etims IS DISTINCT FROM OLD.etims) THEN
    RAISE EXCEPTION 'credit note % stands as it was issued', OLD.number;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_notes_keep BEFORE UPDATE OR DELETE ON credit_notes
  FOR EACH ROW EXECUTE FUNCTION keep_credit_note();

CREATE TABLE receipts (
  payment_id uuid PRIMARY KEY REFERENCES payments, number text NOT NULL UNIQUE,
  issued_at timestamptz NOT NULL
);
CREATE TRIGGER receipts_keep BEFORE UPDATE OR DELETE ON receipts FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What a company paid towards an invoice on account, as finance recorded it from the bank's statement.
CREATE TABLE invoice_payments (
  id uuid PRIMARY KEY, invoice_id uuid NOT NULL REFERENCES invoices,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0), reference text NOT NULL UNIQUE,
  recorded_by text NOT NULL, recorded_at timestamptz NOT NULL
);
CREATE INDEX invoice_payments_invoice ON invoice_payments (invoice_id);
CREATE TRIGGER invoice_payments_keep BEFORE UPDATE OR DELETE ON invoice_payments
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- E-mails with a document attached: written down with what makes them due, sent by a sweep, repeated until taken.
CREATE TABLE document_mails (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  invoice_id uuid NOT NULL REFERENCES invoices, credit_note_id uuid REFERENCES credit_notes,
  template text NOT NULL CHECK (template IN ('invoice', 'credit_note', 'before_due', 'due', 'overdue_7', 'overdue_14')),
  -- The same occasion is written down once.
  key text NOT NULL UNIQUE,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed')),
  attempts integer NOT NULL DEFAULT 0, next_try_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz
);
CREATE INDEX document_mails_due ON document_mails (next_try_at) WHERE status = 'queued';
`,
}
