/**
 * What the provider and the bank say happened, line by line; each comparison with our books; and what is left over
 * for a person. A line is stored once, however often it is told.
 */
export const reconciliation = {
  name: '0013-reconciliation',
  up: `
CREATE TABLE reconciliations (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('pull', 'full', 'statement', 'bank')),
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'clean', 'differences', 'incomplete')),
  window_from timestamptz NOT NULL, window_to timestamptz NOT NULL, CHECK (window_from <= window_to),
  started_by text NOT NULL, started_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz,
  read_lines integer NOT NULL DEFAULT 0, new_lines integer NOT NULL DEFAULT 0,
  matched integer NOT NULL DEFAULT 0, explained integer NOT NULL DEFAULT 0, left_over integer NOT NULL DEFAULT 0,
  ledger_cents bigint, provider_cents bigint, balance_at timestamptz,
  -- Sentences for people: columns nobody knows, questions that were not answered.
  notes jsonb NOT NULL DEFAULT '[]', version bigint NOT NULL DEFAULT 1,
  CHECK ((status = 'running') = (finished_at IS NULL)),
  CHECK ((provider_cents IS NULL) = (balance_at IS NULL))
);
CREATE INDEX reconciliations_newest ON reconciliations (started_at DESC, id DESC);

CREATE TABLE provider_lines (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL CHECK (source IN ('pull', 'statement', 'bank')),
  -- M-Pesa's receipt; for a bank, which numbers nothing reliably, a hash of the line and its place among equals.
  line_key text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  -- A charge stands under the receipt of what it was charged for.
  nature text NOT NULL CHECK (nature IN ('money', 'charge', 'transfer')),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0), balance_cents bigint,
  at timestamptz NOT NULL, position integer NOT NULL DEFAULT 0,
  -- As they were written: a masked, hashed or plain number, a name.
  party text, phone text, reference text, details text, raw jsonb NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'matched', 'explained')),
  matched_to text, explanation text, decided_at timestamptz,
  run_id uuid NOT NULL REFERENCES reconciliations, created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source, line_key, direction, nature),
  CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX provider_lines_open ON provider_lines (at) WHERE state = 'open';
CREATE INDEX provider_lines_key ON provider_lines (line_key);
CREATE INDEX provider_lines_run ON provider_lines (run_id);
CREATE INDEX provider_lines_newest ON provider_lines (at DESC, id DESC);

-- What does not fit. Found again it is the same finding; what fits by itself later is closed by gari.
CREATE TABLE reconciliation_findings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), key text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('unknown_money_out', 'unknown_money_in', 'several_candidates', 'not_settled',
    'amount_differs', 'told_twice', 'missing_at_provider', 'refund_unreported', 'bank_line', 'balance_differs')),
  line_id uuid REFERENCES provider_lines, payment_id uuid REFERENCES payments,
  subject text NOT NULL, detail text, amount_cents bigint NOT NULL, expected_cents bigint,
  first_run uuid NOT NULL REFERENCES reconciliations, last_run uuid NOT NULL REFERENCES reconciliations,
  opened_at timestamptz NOT NULL DEFAULT now(),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
  closed_at timestamptz, closed_by text, resolution text,
  CHECK ((status = 'open') = (closed_at IS NULL)), CHECK ((status = 'open') = (closed_by IS NULL))
);
CREATE INDEX reconciliation_findings_open ON reconciliation_findings (opened_at) WHERE status = 'open';
CREATE INDEX reconciliation_findings_line ON reconciliation_findings (line_id);
-- Prompts that may be the owners of money whose callback was lost.
CREATE INDEX payments_without_receipt ON payments (amount_cents, requested_at)
  WHERE receipt IS NULL AND channel = 'prompt';
`,
}
