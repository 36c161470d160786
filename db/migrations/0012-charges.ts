/** Charges, payment plans, and orders that only stand when everybody has paid. */
export const charges = {
  name: '0012-charges',
  up: `
CREATE SEQUENCE charge_number_seq;
CREATE TABLE charges (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE CHECK (number ~ '^CHG-[0-9]{2}-[0-9]{6,}$'),
  type text NOT NULL CHECK (type IN ('deposit', 'additional', 'damage', 'sale', 'service', 'stay')),
  customer_id uuid NOT NULL REFERENCES users,
  reservation_id uuid REFERENCES reservations,
  description text NOT NULL CHECK (length(description) BETWEEN 1 AND 200),
  total_cents bigint NOT NULL CHECK (total_cents > 0 AND total_cents % 100 = 0),
  paid_cents bigint NOT NULL DEFAULT 0 CHECK (paid_cents >= 0 AND paid_cents <= total_cents),
  mode text NOT NULL DEFAULT 'anybody' CHECK (mode IN ('anybody', 'all_or_nobody')),
  -- Whether it may be made smaller when one of the people does not pay: several units, not one car.
  shrinkable boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('open', 'processing', 'paid', 'cancelled', 'expired')),
  due_at timestamptz NOT NULL,
  -- Somebody has not paid: until then the others may pay that share too.
  cover_until timestamptz,
  end_reason text, end_note text, paid_at timestamptz, ended_at timestamptz,
  version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL, updated_by text NOT NULL,
  CHECK (status <> 'paid' OR paid_cents = total_cents)
);
CREATE INDEX charges_customer ON charges (customer_id, created_at DESC, id DESC);
CREATE INDEX charges_newest ON charges (created_at DESC, id DESC);
CREATE INDEX charges_reservation ON charges (reservation_id) WHERE reservation_id IS NOT NULL;
CREATE TRIGGER charges_touch BEFORE UPDATE ON charges FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE charge_parties (
  id uuid PRIMARY KEY, charge_id uuid NOT NULL REFERENCES charges, position integer NOT NULL,
  name text NOT NULL, phone text NOT NULL, share_cents bigint NOT NULL CHECK (share_cents >= 0),
  due_at timestamptz, declined_at timestamptz,
  -- Who took the share over; when the order went on without it.
  covered_by uuid, gone_at timestamptz,
  UNIQUE (charge_id, position)
);

ALTER TABLE reservations
  ADD COLUMN mode text NOT NULL DEFAULT 'anybody' CHECK (mode IN ('anybody', 'all_or_nobody')),
  ADD COLUMN cover_until timestamptz;
ALTER TABLE reservation_parties ADD COLUMN due_at timestamptz, ADD COLUMN covered_by uuid,
  ADD COLUMN gone_at timestamptz;

CREATE TABLE payment_plans (
  id uuid PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('reservation', 'charge')),
  owner_id uuid NOT NULL, owner_number text NOT NULL, party_id uuid NOT NULL, customer_id uuid NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0 AND amount_cents % 100 = 0),
  status text NOT NULL CHECK (status IN ('running', 'done', 'stopped', 'expired')),
  deadline timestamptz NOT NULL,
  -- The last moment at which the customer said "start"; it counts for that day in Nairobi.
  consented_at timestamptz NOT NULL,
  ended_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL
);
-- One plan at a time for one person's part of a thing.
CREATE UNIQUE INDEX payment_plans_one ON payment_plans (owner_id, party_id) WHERE status = 'running';
CREATE TRIGGER payment_plans_touch BEFORE UPDATE ON payment_plans FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE payment_plan_phones (
  plan_id uuid NOT NULL REFERENCES payment_plans, position integer NOT NULL, phone text NOT NULL,
  -- Not asked before then, and why (a result code); 'infinity' = not again in this plan.
  rests_until timestamptz, rest_code text,
  PRIMARY KEY (plan_id, position), UNIQUE (plan_id, phone)
);
`,
}
