/**
 * Rules of prices. What a rule says never changes: another version is another row, which names the one that it takes the place of, so that an
 * old booking stays explained, and no two can name each other. Codes of places and categories are looked at when a rule is written, so that
 * this table locks no other.
 */
export const pricingRules = {
  name: '0121-pricing-rules',
  up: `
CREATE TABLE pricing_rules (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  type text NOT NULL CHECK (type IN ('base', 'seasonal', 'promotional', 'demand', 'loyalty')),
  category_code text, location_code text,
  from_day date, until_day date,
  weekdays integer[] NOT NULL DEFAULT '{}' CHECK (weekdays <@ ARRAY[0, 1, 2, 3, 4, 5, 6]),
  from_minute integer CHECK (from_minute BETWEEN 0 AND 1439), until_minute integer CHECK (until_minute BETWEEN 1 AND 1440),
  min_days integer CHECK (min_days BETWEEN 1 AND 365), max_days integer CHECK (max_days BETWEEN 1 AND 365),
  percent integer NOT NULL DEFAULT 100 CHECK (percent BETWEEN 10 AND 500),
  fixed_cents bigint NOT NULL DEFAULT 0 CHECK (fixed_cents % 100 = 0 AND abs(fixed_cents) <= 10000000),
  rates jsonb,
  utilisation_from integer CHECK (utilisation_from BETWEEN 1 AND 100),
  rentals_from integer CHECK (rentals_from BETWEEN 1 AND 1000),
  code text CHECK (code ~ '^[A-Z0-9]{3,20}$'),
  uses integer CHECK (uses > 0), uses_each integer CHECK (uses_each > 0),
  priority integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 1000),
  replaces uuid UNIQUE REFERENCES pricing_rules,
  closed_at timestamptz, closed_by text,
  created_by text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (from_day <= until_day), CHECK (min_days <= max_days), CHECK (from_minute <> until_minute),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL)), CHECK (replaces <> id),
  CHECK (rates IS NULL OR type = 'base'), CHECK ((type = 'promotional') = (code IS NOT NULL)),
  CHECK ((type = 'demand') = (utilisation_from IS NOT NULL)), CHECK ((type = 'loyalty') = (rentals_from IS NOT NULL)),
  CHECK (type = 'promotional' OR (uses IS NULL AND uses_each IS NULL))
);
CREATE UNIQUE INDEX pricing_rules_code ON pricing_rules (code) WHERE closed_at IS NULL AND code IS NOT NULL;
CREATE INDEX pricing_rules_live ON pricing_rules (priority DESC, id) WHERE closed_at IS NULL;
CREATE INDEX pricing_rules_listed ON pricing_rules (created_at DESC, id DESC);

CREATE FUNCTION keep_pricing_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was pricing_rules := OLD;
BEGIN
  was.closed_at := NEW.closed_at; was.closed_by := NEW.closed_by;
  IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL OR NEW IS DISTINCT FROM was THEN
    RAISE EXCEPTION 'a pricing rule is closed once, and never changed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pricing_rules_kept BEFORE UPDATE ON pricing_rules FOR EACH ROW EXECUTE FUNCTION keep_pricing_rule();

-- Nobody makes one while workers of a release that knows none may hold cars.
INSERT INTO read_by_older_release (table_name) SELECT 'pricing_rules'
WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING;

INSERT INTO permissions (name, resource, action, description) VALUES
  ('pricing_rules:read', 'pricing_rules', 'read', 'See the rules of prices, and what extras cost'),
  ('pricing_rules:create', 'pricing_rules', 'create', 'Try rules of prices on last month, and let them go live'),
  ('pricing_rules:update', 'pricing_rules', 'update', 'Change and close rules of prices, and what extras cost');
INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, permission, 'system' FROM (VALUES
  ('desk', 'pricing_rules:read'), ('finance', 'pricing_rules:read'),
  ('manager', 'pricing_rules:create'), ('manager', 'pricing_rules:update')
) AS given (role, permission) WHERE role IN (SELECT name FROM roles);
`,
}
