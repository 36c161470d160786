/** Money at the desk: companies that pay later, tills and their sessions, what was handed over, closed days. */
export const desk = {
  name: '0011-desk',
  up: `
CREATE SEQUENCE company_number_seq;
CREATE TABLE companies (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number text NOT NULL UNIQUE DEFAULT 'COM-' || lpad(nextval('company_number_seq')::text, 6, '0'),
  name text NOT NULL CHECK (name <> ''),
  kra_pin text NOT NULL UNIQUE CHECK (kra_pin ~ '^[AP][0-9]{9}[A-Z]$'),
  billing_line1 text NOT NULL, billing_line2 text NOT NULL DEFAULT '',
  billing_city text NOT NULL, billing_postcode text NOT NULL DEFAULT '',
  billing_country text NOT NULL DEFAULT 'Kenya',
  contact_name text NOT NULL, contact_email citext NOT NULL,
  contact_phone text NOT NULL CHECK (contact_phone ~ '^\\+[1-9][0-9]{6,14}$'),
  credit_limit_cents bigint NOT NULL CHECK (credit_limit_cents >= 0),
  terms_days integer NOT NULL DEFAULT 30 CHECK (terms_days BETWEEN 0 AND 120),
  active boolean NOT NULL DEFAULT true,
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL, updated_by text NOT NULL
);
CREATE INDEX companies_name ON companies (lower(name), id);
CREATE TRIGGER companies_touch BEFORE UPDATE ON companies FOR EACH ROW EXECUTE FUNCTION touch();
-- Who may book on the company's account.
CREATE TABLE company_members (
  company_id uuid NOT NULL REFERENCES companies, user_id uuid NOT NULL REFERENCES users,
  added_by text NOT NULL, added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, user_id)
);
CREATE INDEX company_members_user ON company_members (user_id);

CREATE TABLE tills (
  id uuid PRIMARY KEY,
  place text NOT NULL REFERENCES locations, name text NOT NULL CHECK (name <> ''),
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(), created_by text NOT NULL,
  UNIQUE (place, name)
);
CREATE TABLE till_sessions (
  id uuid PRIMARY KEY,
  till_id uuid NOT NULL REFERENCES tills,
  opened_by uuid NOT NULL REFERENCES users, opened_at timestamptz NOT NULL,
  -- What the last session left, what was counted, and why the two differ.
  left_cents bigint NOT NULL, float_cents bigint NOT NULL CHECK (float_cents >= 0 AND float_cents % 100 = 0),
  float_reason text, float_note text,
  closed_by uuid REFERENCES users, closed_at timestamptz,
  counts jsonb, counted_cents bigint CHECK (counted_cents >= 0), expected_cents bigint,
  difference_cents bigint, difference_reason text, difference_note text,
  CHECK (float_cents = left_cents OR float_reason IS NOT NULL),
  CHECK ((closed_at IS NULL) = (counted_cents IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)
    AND (closed_at IS NULL) = (expected_cents IS NULL) AND (closed_at IS NULL) = (counts IS NULL)),
  CHECK (difference_cents IS NOT DISTINCT FROM counted_cents - expected_cents),
  CHECK (coalesce(difference_cents, 0) = 0 OR difference_reason IS NOT NULL)
);
CREATE UNIQUE INDEX till_sessions_one_open ON till_sessions (till_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX till_sessions_one_clerk ON till_sessions (opened_by) WHERE closed_at IS NULL;
CREATE INDEX till_sessions_till ON till_sessions (till_id, opened_at DESC);
CREATE TABLE till_deposits (
  id uuid PRIMARY KEY, session_id uuid NOT NULL REFERENCES till_sessions,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0 AND amount_cents % 100 = 0),
  reference text NOT NULL UNIQUE, made_by text NOT NULL, made_at timestamptz NOT NULL DEFAULT now()
);

-- Where the money of a payment lies within its account: a till session, a company, the customer's own credit.
ALTER TABLE payments ADD COLUMN holding_subject text;
-- What was handed over at the desk. The payment's own row says how much of it counts.
CREATE TABLE desk_tenders (
  payment_id uuid PRIMARY KEY REFERENCES payments,
  method text NOT NULL CHECK (method IN ('cash', 'bank_transfer', 'credit_card', 'debit_card', 'account', 'credit')),
  till_session_id uuid REFERENCES till_sessions, given_cents bigint, change_cents bigint,
  terminal text, slip text, bank_reference text, company_id uuid REFERENCES companies,
  -- How a bank transfer was found: a line of the bank's own list, or finance looked.
  bank_line_id text UNIQUE, confirmed_by text,
  taken_by text NOT NULL, taken_at timestamptz NOT NULL DEFAULT now(),
  CHECK (method <> 'cash' OR (till_session_id IS NOT NULL AND given_cents > 0 AND change_cents >= 0)),
  CHECK (method NOT IN ('credit_card', 'debit_card') OR (terminal IS NOT NULL AND slip IS NOT NULL)),
  CHECK (method <> 'bank_transfer' OR bank_reference IS NOT NULL),
  CHECK (method <> 'account' OR company_id IS NOT NULL)
);
CREATE UNIQUE INDEX desk_tenders_slip ON desk_tenders (terminal, slip) WHERE slip IS NOT NULL;
CREATE INDEX desk_tenders_bank ON desk_tenders (bank_reference) WHERE bank_reference IS NOT NULL;

CREATE TABLE day_closes (
  id uuid PRIMARY KEY, day date NOT NULL UNIQUE,
  closed_by uuid NOT NULL REFERENCES users, closed_at timestamptz NOT NULL DEFAULT now()
);
-- One line for each way money comes in; a later correction is its reversal and a new line.
CREATE TABLE day_close_lines (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day_close_id uuid NOT NULL REFERENCES day_closes,
  kind text NOT NULL CHECK (kind IN ('close', 'reversal', 'correction')),
  reverses bigint UNIQUE REFERENCES day_close_lines,
  key text NOT NULL, label text NOT NULL,
  taken_cents bigint NOT NULL, booked_cents bigint NOT NULL,
  difference_cents bigint GENERATED ALWAYS AS (booked_cents - taken_cents) STORED,
  reason text, note text, made_by text NOT NULL, made_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
  CHECK (booked_cents = taken_cents OR reason IS NOT NULL)
);
CREATE INDEX day_close_lines_day ON day_close_lines (day_close_id, id);
CREATE UNIQUE INDEX day_close_lines_once ON day_close_lines (day_close_id, key) WHERE kind = 'close';
CREATE TRIGGER day_closes_fixed BEFORE UPDATE OR DELETE ON day_closes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER day_close_lines_fixed BEFORE UPDATE OR DELETE ON day_close_lines
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER day_closes_kept BEFORE TRUNCATE ON day_closes EXECUTE FUNCTION refuse_change();
CREATE TRIGGER day_close_lines_kept BEFORE TRUNCATE ON day_close_lines EXECUTE FUNCTION refuse_change();
`,
}
