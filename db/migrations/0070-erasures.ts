/**
 * People who want to be forgotten (Data Protection Act 2019, section 40): each wish and what became of it, the letters about it,
 * and holds of the law under which nothing may be erased. After an erasure only the id of its person stands here.
 */
export const erasures = {
  name: '0070-erasures',
  up: `
CREATE TABLE erasures (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users,
  status text NOT NULL CHECK (status IN ('waiting', 'taken_back', 'refused', 'erasing', 'done')),
  -- What stood in its way when it was last looked at: codes.
  needs text[] NOT NULL DEFAULT '{}',
  asked_by text NOT NULL, asked_at timestamptz NOT NULL DEFAULT now(),
  -- Until then the person can take it back.
  due_at timestamptz NOT NULL,
  -- The worker's sweep has started its story.
  started_at timestamptz,
  ended_at timestamptz,
  CHECK ((status IN ('waiting', 'erasing')) = (ended_at IS NULL)),
  CHECK (status <> 'refused' OR cardinality(needs) > 0)
);
CREATE UNIQUE INDEX erasures_one ON erasures (user_id) WHERE status IN ('waiting', 'erasing');
CREATE INDEX erasures_user ON erasures (user_id, asked_at DESC);
CREATE INDEX erasures_to_start ON erasures (asked_at) WHERE started_at IS NULL AND status = 'waiting';

-- To the address of their day: the account may have none any more. It goes when the letter has gone, or never could.
CREATE TABLE erasure_letters (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  erasure_id uuid NOT NULL REFERENCES erasures,
  kind text NOT NULL CHECK (kind IN ('asked', 'delayed', 'taken_back', 'refused', 'done')),
  channel text NOT NULL CHECK (channel IN ('email', 'sms')),
  address text, language text NOT NULL CHECK (language IN ('en', 'sw')),
  needs text[] NOT NULL DEFAULT '{}',
  attempts integer NOT NULL DEFAULT 0, next_try_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz
);
CREATE INDEX erasure_letters_waiting ON erasure_letters (next_try_at) WHERE address IS NOT NULL;
CREATE UNIQUE INDEX erasure_letters_once ON erasure_letters (erasure_id, kind) WHERE kind <> 'delayed';

CREATE TABLE legal_holds (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 200),
  set_by text NOT NULL, set_at timestamptz NOT NULL DEFAULT now(),
  lifted_by text, lifted_at timestamptz,
  CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE UNIQUE INDEX legal_holds_one ON legal_holds (user_id) WHERE lifted_at IS NULL;

INSERT INTO permissions (name, resource, action, description)
SELECT name, split_part(name, ':', 1), split_part(name, ':', 2), description FROM (VALUES
  ('erasures:create', 'Have what we hold about a customer erased, when they ask us to'),
  ('legal_holds:update', 'Say that the law wants what we hold about somebody kept')
) AS given (name, description);
INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, permission, 'system' FROM unnest('{manager,admin}'::text[]) AS role,
  unnest('{erasures:create,legal_holds:update}'::text[]) AS permission;
`,
}

/** In a migration of its own, as each locks one table. */
export const erasedAccounts = {
  name: '0071-erased-accounts',
  up: 'ALTER TABLE users ADD COLUMN erased_at timestamptz;',
}

/**
 * An issued invoice stands, with two exceptions that the Act asks for: where it was mailed to goes when its buyer is forgotten, and
 * who its buyer was goes when five years after the end of its year are over (Tax Procedures Act 2015, section 23).
 */
export const forgettingBuyers = {
  name: '0072-forgetting-buyers',
  up: `
CREATE FUNCTION tax_kept_until(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT (date_trunc('year', at AT TIME ZONE 'Africa/Nairobi') + interval '6 years') AT TIME ZONE 'Africa/Nairobi'
$$;
CREATE FUNCTION may_forget_buyer(was jsonb, stands jsonb, issued_at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT stands = was OR stands = was || '{"email": null}'
    OR (stands = '{"name": "Erased customer", "pin": null, "address": [], "email": null}' AND now() >= tax_kept_until(issued_at))
$$;
CREATE OR REPLACE FUNCTION keep_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.number IS NULL THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF;
  IF TG_OP = 'DELETE' OR (OLD.number, OLD.owner_id, OLD.net_cents, OLD.vat_cents, OLD.gross_cents,
      OLD.deposit_cents, OLD.issued_at, OLD.due_at, OLD.company_id, OLD.party_id)
    IS DISTINCT FROM (NEW.number, NEW.owner_id, NEW.net_cents, NEW.vat_cents, NEW.gross_cents,
      NEW.deposit_cents, NEW.issued_at, NEW.due_at, NEW.company_id, NEW.party_id)
    OR NOT may_forget_buyer(OLD.bill_to, NEW.bill_to, OLD.issued_at)
    OR (OLD.etims IS NOT NULL AND NEW.etims IS DISTINCT FROM OLD.etims)
    OR NEW.status = 'draft' OR NEW.credited_cents < OLD.credited_cents THEN
    RAISE EXCEPTION 'invoice % was issued: it can only be credited', OLD.number;
  END IF;
  RETURN NEW;
END $$;
`,
}
