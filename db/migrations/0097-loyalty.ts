/**
 * Points that customers earn and spend. The entries are the truth; the balance is kept from them by the database, in the same statement,
 * and cannot fall below zero. A booking earns, spends and gets back at most once, a refund takes back at most once.
 */
export const loyalty = {
  name: '0097-loyalty',
  up: `
CREATE TABLE loyalty_entries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL REFERENCES customers,
  kind text NOT NULL CHECK (kind IN ('earned', 'reversed', 'spent', 'returned', 'expired', 'adjusted', 'erased')),
  points integer NOT NULL,
  -- Of a reversal: what was spent already, and so could not be taken back.
  short_points integer NOT NULL DEFAULT 0 CHECK (short_points >= 0 AND (short_points = 0 OR kind = 'reversed')),
  -- By which the same thing counts once: a booking, a refund, a request of somebody who works here, a night.
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 100),
  reservation_id uuid,
  rule text NOT NULL,
  reason text CHECK (length(reason) BETWEEN 1 AND 200),
  made_by text NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT loyalty_entries_once UNIQUE (kind, source),
  CHECK (CASE kind WHEN 'earned' THEN points > 0 WHEN 'returned' THEN points > 0 WHEN 'adjusted' THEN points <> 0
    WHEN 'reversed' THEN points <= 0 AND short_points - points > 0 ELSE points < 0 END),
  CHECK ((expires_at IS NOT NULL) = (kind = 'earned' OR (kind = 'adjusted' AND points > 0))),
  CHECK (kind <> 'adjusted' OR (reason IS NOT NULL AND abs(points) <= 5000)),
  CHECK (kind NOT IN ('earned', 'spent', 'returned', 'reversed') OR reservation_id IS NOT NULL)
);
CREATE INDEX loyalty_entries_customer ON loyalty_entries (customer_id, created_at DESC, id DESC);
CREATE INDEX loyalty_entries_reservation ON loyalty_entries (reservation_id) WHERE reservation_id IS NOT NULL;
CREATE INDEX loyalty_entries_expiring ON loyalty_entries (expires_at) WHERE expires_at IS NOT NULL;
CREATE TRIGGER loyalty_entries_fixed BEFORE UPDATE OR DELETE ON loyalty_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER loyalty_entries_kept BEFORE TRUNCATE ON loyalty_entries EXECUTE FUNCTION refuse_change();

CREATE FUNCTION count_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE customers SET loyalty_points = loyalty_points + NEW.points, loyalty_member = NEW.kind <> 'erased'
  WHERE user_id = NEW.customer_id;
  RETURN NULL;
END $$;
CREATE TRIGGER loyalty_entries_counted AFTER INSERT ON loyalty_entries
  FOR EACH ROW EXECUTE FUNCTION count_points();

-- Nobody writes a balance, except by an entry.
CREATE FUNCTION refuse_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'points change by an entry of loyalty_entries only'; END $$;
CREATE TRIGGER customers_points BEFORE UPDATE ON customers FOR EACH ROW
  WHEN (NEW.loyalty_points <> OLD.loyalty_points AND pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_points();

INSERT INTO permissions (name, resource, action, description) VALUES
  ('loyalty:read', 'loyalty', 'read', 'See customers’ loyalty points'),
  ('loyalty:create', 'loyalty', 'create', 'Give and take loyalty points by hand'),
  ('own_loyalty:read', 'own_loyalty', 'read', 'See one’s own loyalty points');
INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, permission, 'system' FROM (VALUES
  ('customer', 'own_loyalty:read'), ('desk', 'loyalty:read'), ('finance', 'loyalty:read'), ('manager', 'loyalty:create')
) AS given (role, permission) WHERE role IN (SELECT name FROM roles);
`,
}
