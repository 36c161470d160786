/**
 * Customers who ask for a person to look at their rating (Data Protection Act 2019, section 35), and what they were told. Levels that
 * somebody had set on a customer's record before there was a rule stand as a colleague's decision for ninety days, so that none is lost.
 */
export const ratingReviews = {
  name: '0099-rating-reviews',
  up: `
CREATE TABLE rating_reviews (
  id uuid PRIMARY KEY,
  customer_id uuid NOT NULL REFERENCES customers,
  -- What they ask about; it goes with its owner.
  rating_id uuid NOT NULL,
  words text NOT NULL CHECK (length(words) BETWEEN 1 AND 1000),
  asked_at timestamptz NOT NULL DEFAULT now(),
  answer text CHECK (length(answer) BETWEEN 1 AND 1000),
  answered_by text,
  answered_at timestamptz,
  CHECK (num_nulls(answer, answered_by, answered_at) IN (0, 3))
);
CREATE UNIQUE INDEX rating_reviews_one ON rating_reviews (customer_id) WHERE answered_at IS NULL;
CREATE INDEX rating_reviews_customer ON rating_reviews (customer_id, asked_at DESC);
CREATE INDEX rating_reviews_waiting ON rating_reviews (asked_at, id) WHERE answered_at IS NULL;

WITH set AS (
  INSERT INTO customer_ratings (customer_id, level, score, rule, facts, reasons, by_hand, set_by, why, expires_at)
  SELECT c.user_id, c.risk_level, 60, 'before', '{}', '[]', true, 'system', 'Set before there was a rule.', now() + interval '90 days'
  FROM customers c JOIN users u ON u.id = c.user_id WHERE c.risk_level <> 'low' AND u.status <> 'deleted'
    AND NOT EXISTS (SELECT FROM customer_ratings r WHERE r.customer_id = c.user_id)
  RETURNING *)
INSERT INTO audit_entries (actor, action, entity, entity_id, after, why, origin)
SELECT set_by, 'rating.set', 'customer', customer_id::text, jsonb_build_object('level', level, 'rule', rule), why, 'migration' FROM set;
`,
}
