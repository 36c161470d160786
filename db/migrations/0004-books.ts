/** Ledger, audit, outbox, and the small tables that make repeats harmless. */
export const books = {
  name: '0004-books',
  up: `
CREATE TABLE ledger_accounts (code text PRIMARY KEY, name text NOT NULL);
INSERT INTO ledger_accounts VALUES
  ('mpesa_clearing', 'Money at Safaricom'), ('customer_deposits', 'Owed to customers until earned'),
  ('rental_revenue', 'Rental revenue'), ('vat_output', 'VAT owed');
CREATE TABLE ledger_entries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), kind text NOT NULL, reference text NOT NULL,
  posted_at timestamptz NOT NULL DEFAULT now(), UNIQUE (kind, reference)
);
CREATE TABLE ledger_postings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id uuid NOT NULL REFERENCES ledger_entries, account text NOT NULL REFERENCES ledger_accounts,
  amount_cents bigint NOT NULL CHECK (amount_cents <> 0)
);
CREATE INDEX ledger_postings_entry ON ledger_postings (entry_id);
CREATE INDEX ledger_postings_account ON ledger_postings (account) INCLUDE (amount_cents);
CREATE FUNCTION entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE entry uuid := CASE TG_TABLE_NAME WHEN 'ledger_entries' THEN NEW.id ELSE NULL END; total bigint; lines int;
BEGIN
  IF entry IS NULL THEN entry := (to_jsonb(NEW) ->> 'entry_id')::uuid; END IF;
  SELECT coalesce(sum(amount_cents), 0), count(*) INTO total, lines FROM ledger_postings WHERE entry_id = entry;
  IF total <> 0 OR lines < 2 THEN
    RAISE EXCEPTION 'entry % does not balance: % over % postings', entry, total, lines
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_has_balanced_postings AFTER INSERT ON ledger_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
CREATE CONSTRAINT TRIGGER postings_balance AFTER INSERT ON ledger_postings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
CREATE TRIGGER ledger_entries_fixed BEFORE UPDATE OR DELETE ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_postings_fixed BEFORE UPDATE OR DELETE ON ledger_postings
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_kept BEFORE TRUNCATE ON ledger_entries EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_postings_kept BEFORE TRUNCATE ON ledger_postings EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL, action text NOT NULL, entity text NOT NULL, entity_id text NOT NULL,
  before jsonb, after jsonb, why text
);
CREATE INDEX audit_entries_entity ON audit_entries (entity, entity_id, id);
CREATE TRIGGER audit_fixed BEFORE UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_kept BEFORE TRUNCATE ON audit_entries EXECUTE FUNCTION refuse_change();

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid NOT NULL DEFAULT gen_random_uuid(),
  topic text NOT NULL, key text NOT NULL, version bigint NOT NULL, type text NOT NULL, data jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (topic, key, version)
) WITH (autovacuum_vacuum_scale_factor = 0.01);
CREATE TABLE consumed_events (consumer text, event_id text, consumed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id));
CREATE TABLE notifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), event_id text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('email', 'sms')), party_id uuid, template text NOT NULL,
  reservation_id uuid NOT NULL, detail jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed')),
  attempts integer NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz,
  UNIQUE NULLS NOT DISTINCT (event_id, channel, party_id)
);
CREATE INDEX notifications_waiting ON notifications (created_at) WHERE status = 'queued';
CREATE TABLE idempotency_keys (
  scope text, key text, request_hash bytea NOT NULL, subject_id uuid NOT NULL,
  response_status integer, response jsonb, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE TABLE heartbeats (part text, instance text, version text NOT NULL, detail text,
  at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, instance));
CREATE TABLE security_events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(), kind text NOT NULL, detail jsonb NOT NULL);
`,
}
