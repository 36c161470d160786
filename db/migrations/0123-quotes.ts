/** Prices that programs were told: about a trip, never about a person. */
export const quotes = {
  name: '0123-quotes',
  up: `
CREATE TABLE quotes (
  id uuid PRIMARY KEY,
  category_code text NOT NULL, pickup_location text NOT NULL, return_location text NOT NULL,
  pickup_at timestamptz NOT NULL, return_at timestamptz NOT NULL,
  quote jsonb NOT NULL, total_cents bigint NOT NULL CHECK (total_cents > 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX quotes_old ON quotes (created_at);
`,
}
