/** Rentals from key to key: what left, what came back, and what is owed for it (db/rental-starting.ts, db/rental-returning.ts). */
export const rentals = {
  name: '0120-rentals',
  up: `
CREATE SEQUENCE rental_number_seq;
CREATE TABLE rentals (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  reservation_id uuid NOT NULL UNIQUE REFERENCES reservations,
  customer_id uuid NOT NULL REFERENCES users,
  vehicle_id uuid NOT NULL REFERENCES vehicles,
  status text NOT NULL CHECK (status IN ('on_the_road', 'returned', 'disputed', 'settled')),
  terms jsonb NOT NULL,
  picked_up_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL CHECK (due_at > picked_up_at),
  returned_at timestamptz CHECK (returned_at >= picked_up_at),
  settled_at timestamptz CHECK (settled_at >= returned_at),
  return_location text NOT NULL REFERENCES locations,
  returned_to text REFERENCES locations,
  -- A deposit serves one rental only.
  deposit_charge_id uuid UNIQUE REFERENCES charges,
  deposit_cents bigint NOT NULL CHECK (deposit_cents >= 0),
  kept_cents bigint CHECK (kept_cents BETWEEN 0 AND deposit_cents),
  owed_cents bigint CHECK (owed_cents >= 0),
  settled_how text CHECK (settled_how IN ('agreed', 'silent', 'decided')),
  disputed_because text CHECK (length(disputed_because) BETWEEN 1 AND 500),
  -- When what nobody claims of the deposit went back.
  rest_released_at timestamptz,
  owed_charge_id uuid REFERENCES charges,
  reminded_at timestamptz, overdue_told_at timestamptz,
  version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL, updated_by text NOT NULL,
  CHECK ((status = 'on_the_road') = (returned_at IS NULL)),
  CHECK ((status = 'settled') = (num_nonnulls(settled_at, settled_how, kept_cents, owed_cents) = 4)),
  CHECK (num_nonnulls(returned_at, returned_to) IN (0, 2))
);
-- A car is on the road with one customer.
CREATE UNIQUE INDEX rentals_one_road ON rentals (vehicle_id) WHERE status = 'on_the_road';
CREATE INDEX rentals_customer ON rentals (customer_id, picked_up_at DESC);
CREATE INDEX rentals_due ON rentals (due_at) WHERE status = 'on_the_road';
CREATE INDEX rentals_open ON rentals (returned_at) WHERE status IN ('returned', 'disputed');
CREATE TRIGGER rentals_touch BEFORE UPDATE ON rentals FOR EACH ROW EXECUTE FUNCTION touch();

-- What a clerk saw; never changed afterwards.
CREATE TABLE rental_checks (
  rental_id uuid NOT NULL REFERENCES rentals,
  moment text NOT NULL CHECK (moment IN ('pickup', 'return')),
  vehicle_id uuid NOT NULL REFERENCES vehicles,
  at timestamptz NOT NULL,
  odometer_km integer NOT NULL CHECK (odometer_km >= 0),
  fuel_eighths integer NOT NULL CHECK (fuel_eighths BETWEEN 0 AND 8),
  cleanliness text NOT NULL CHECK (cleanliness IN ('clean', 'dirty', 'very_dirty')),
  marks jsonb NOT NULL,
  made_by text NOT NULL,
  PRIMARY KEY (rental_id, moment)
);
CREATE TRIGGER rental_checks_fixed BEFORE UPDATE OR DELETE ON rental_checks FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE rental_charges (
  id uuid PRIMARY KEY,
  rental_id uuid NOT NULL REFERENCES rentals,
  position integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('extra_km', 'fuel', 'late', 'cleaning', 'other_place', 'damage')),
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_cents bigint NOT NULL CHECK (unit_cents > 0),
  -- As proposed; what of it stands in the end.
  amount_cents bigint NOT NULL CHECK (amount_cents > 0 AND amount_cents % 100 = 0),
  final_cents bigint CHECK (final_cents BETWEEN 0 AND amount_cents AND final_cents % 100 = 0),
  facts jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (rental_id, position)
);

-- Which part of which payment of the deposit goes back, decided before any of it is sent.
CREATE TABLE rental_refunds (
  refund_id uuid PRIMARY KEY,
  rental_id uuid NOT NULL REFERENCES rentals,
  payment_id uuid NOT NULL REFERENCES payments,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0 AND amount_cents % 100 = 0),
  moment text NOT NULL CHECK (moment IN ('rest', 'end')),
  decided_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (rental_id, payment_id, moment)
);

INSERT INTO permissions (name, resource, action, description) VALUES
  ('rentals:read', 'rentals', 'read', 'See rentals: what left, what came back, what is owed'),
  ('rentals:execute', 'rentals', 'execute', 'Hand over keys and take cars back'),
  ('rentals:update', 'rentals', 'update', 'Decide what a customer disputes'),
  ('own_rentals:read', 'own_rentals', 'read', 'See one’s own rentals'),
  ('own_rentals:update', 'own_rentals', 'update', 'Agree to what is asked after a return, or dispute it');
INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, permission, 'system' FROM (VALUES
  ('customer', 'own_rentals:read'), ('customer', 'own_rentals:update'), ('desk', 'rentals:read'), ('desk', 'rentals:execute'),
  ('finance', 'rentals:read'), ('manager', 'rentals:read'), ('manager', 'rentals:update'), ('workshop', 'rentals:read')
) AS given (role, permission) WHERE role IN (SELECT name FROM roles);
`,
}
