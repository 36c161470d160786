/**
 * What is hired along with a car, who has it, and which codes were used. How many of either are out is counted by the bookings that still
 * stand, under the lock of the extra or the rule: so nothing has to be given back, and a release from before that ends a booking is right, too.
 */
export const extras = {
  name: '0122-extras',
  up: `
CREATE TABLE extras (
  code text PRIMARY KEY CHECK (code ~ '^[A-Z0-9-]{2,20}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  kind text NOT NULL DEFAULT 'thing' CHECK (kind IN ('thing', 'extra_driver', 'young_driver')),
  daily_rate_cents bigint NOT NULL CHECK (daily_rate_cents >= 0 AND daily_rate_cents % 100 = 0),
  most_cents bigint CHECK (most_cents >= daily_rate_cents AND most_cents % 100 = 0),
  stock integer CHECK (stock BETWEEN 0 AND 10000),
  active boolean NOT NULL DEFAULT true,
  version bigint NOT NULL DEFAULT 1,
  created_by text NOT NULL, updated_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (kind = 'thing' OR stock IS NULL)
);
-- One fee of a kind at a time.
CREATE UNIQUE INDEX extras_one_fee ON extras (kind) WHERE active AND kind <> 'thing';

CREATE TABLE reservation_extras (
  reservation_id uuid NOT NULL REFERENCES reservations,
  extra_code text NOT NULL REFERENCES extras,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 9),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (reservation_id, extra_code)
);
CREATE INDEX reservation_extras_out ON reservation_extras (extra_code, reservation_id);

CREATE TABLE promo_uses (
  reservation_id uuid PRIMARY KEY REFERENCES reservations,
  rule_id uuid NOT NULL REFERENCES pricing_rules,
  code text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX promo_uses_code ON promo_uses (code, reservation_id);
`,
}
