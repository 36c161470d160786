/**
 * What was decided about customers, by the rule of domain/credit-rule.ts or by a colleague. Rows are written once; they go with their
 * owner, when the account was erased, and in no other way. What stands now is kept in the customer's own row by the database.
 */
export const customerRatings = {
  name: '0098-customer-ratings',
  up: `
CREATE TABLE customer_ratings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- In the order in which they were set.
  place bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  customer_id uuid NOT NULL REFERENCES customers,
  level text NOT NULL CHECK (level IN ('low', 'medium', 'high')),
  score integer NOT NULL CHECK (score BETWEEN 0 AND 100),
  rule text NOT NULL,
  facts jsonb NOT NULL,
  reasons jsonb NOT NULL,
  by_hand boolean NOT NULL DEFAULT false,
  set_by text NOT NULL,
  why text CHECK (length(why) BETWEEN 1 AND 200),
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (by_hand = (why IS NOT NULL) AND by_hand = (expires_at IS NOT NULL)),
  CHECK (by_hand OR set_by = 'gari')
);
CREATE INDEX customer_ratings_customer ON customer_ratings (customer_id, place DESC);

CREATE FUNCTION refuse_rating_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM users WHERE id = OLD.customer_id AND status = 'deleted') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'customer_ratings is append-only';
END $$;
CREATE TRIGGER customer_ratings_fixed BEFORE UPDATE OR DELETE ON customer_ratings
  FOR EACH ROW EXECUTE FUNCTION refuse_rating_change();
CREATE TRIGGER customer_ratings_kept BEFORE TRUNCATE ON customer_ratings EXECUTE FUNCTION refuse_change();

-- The version of what is shown of a customer moves with it. A release from before still writes the level by itself when it changes a
-- customer; the next night puts there what the last rating says.
CREATE FUNCTION show_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE users SET version = version WHERE id = NEW.customer_id;
  UPDATE customers SET risk_level = NEW.level, credit_score = NEW.score WHERE user_id = NEW.customer_id;
  RETURN NULL;
END $$;
CREATE TRIGGER customer_ratings_shown AFTER INSERT ON customer_ratings
  FOR EACH ROW EXECUTE FUNCTION show_rating();

INSERT INTO permissions (name, resource, action, description) VALUES
  ('ratings:read', 'ratings', 'read', 'See customers’ risk level and credit score, and why'),
  ('ratings:create', 'ratings', 'create', 'Set customers’ risk level by hand, and answer who asks for a person'),
  ('own_rating:read', 'own_rating', 'read', 'See one’s own risk level and credit score, and why'),
  ('own_rating:create', 'own_rating', 'create', 'Ask for a person to look at one’s own risk level');
INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, permission, 'system' FROM (VALUES
  ('customer', 'own_rating:read'), ('customer', 'own_rating:create'), ('desk', 'ratings:read'), ('finance', 'ratings:read'),
  ('manager', 'ratings:create')
) AS given (role, permission) WHERE role IN (SELECT name FROM roles);
`,
}
