/** Reservations, their parties, payments, refunds, what providers reported. */
export const bookings = {
  name: '0003-bookings',
  up: `
CREATE SEQUENCE reservation_number_seq;
CREATE TABLE reservations (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  customer_id uuid NOT NULL REFERENCES users,
  category_code text NOT NULL REFERENCES vehicle_categories,
  vehicle_id uuid NOT NULL REFERENCES vehicles,
  hold_id uuid NOT NULL REFERENCES holds,
  wanted_vehicle boolean NOT NULL DEFAULT false,
  pickup_location text NOT NULL REFERENCES locations, return_location text NOT NULL REFERENCES locations,
  pickup_at timestamptz NOT NULL, return_at timestamptz NOT NULL CHECK (return_at > pickup_at),
  status text NOT NULL CHECK (status IN ('pending', 'processing', 'confirmed', 'in_progress', 'completed',
    'cancelled', 'expired', 'no_show')),
  quote jsonb NOT NULL,
  total_cents bigint NOT NULL CHECK (total_cents > 0 AND total_cents % 100 = 0),
  paid_cents bigint NOT NULL DEFAULT 0 CHECK (paid_cents >= 0 AND paid_cents <= total_cents),
  deposit_cents bigint NOT NULL CHECK (deposit_cents >= 0),
  hold_expires_at timestamptz NOT NULL,
  special_requests text,
  cancellation_reason text, cancellation_note text,
  ended_at timestamptz, confirmed_at timestamptz, reminded_at timestamptz,
  version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL, updated_by text NOT NULL,
  CHECK (status <> 'confirmed' OR paid_cents = total_cents)
);
CREATE INDEX reservations_customer ON reservations (customer_id, created_at DESC, id DESC);
CREATE INDEX reservations_newest ON reservations (created_at DESC, id DESC);
CREATE INDEX reservations_pickup ON reservations (pickup_at);
CREATE INDEX reservations_return ON reservations (return_at);
CREATE TRIGGER reservations_touch BEFORE UPDATE ON reservations FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE reservation_parties (
  id uuid PRIMARY KEY, reservation_id uuid NOT NULL REFERENCES reservations, position integer NOT NULL,
  name text NOT NULL, phone text NOT NULL, share_cents bigint NOT NULL CHECK (share_cents >= 0),
  declined_at timestamptz,
  UNIQUE (reservation_id, position)
);

CREATE TABLE payments (
  id uuid PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('reservation')),
  owner_id uuid NOT NULL, owner_number text NOT NULL, party_id uuid NOT NULL, customer_id uuid NOT NULL,
  type text NOT NULL, method text NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  currency text NOT NULL DEFAULT 'KES' CHECK (currency = 'KES'),
  phone text NOT NULL,
  status text NOT NULL CHECK (status IN ('requested', 'prompted', 'unknown', 'unexplained', 'settled',
    'refused', 'refunding', 'refunded')),
  merchant_request_id text, checkout_request_id text UNIQUE, receipt text UNIQUE,
  result_code text, settled_by text,
  counted boolean NOT NULL DEFAULT false, late_told boolean NOT NULL DEFAULT false,
  -- Given back by an end of its booking; never counted again, also when late money revives the booking.
  given_back boolean NOT NULL DEFAULT false,
  requested_at timestamptz NOT NULL, prompted_at timestamptz, processed_at timestamptz,
  refunded_at timestamptz, refunded_cents bigint NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL, updated_by text NOT NULL,
  CHECK (refunded_cents <= amount_cents)
);
-- A phone has at most one prompt; the second one is refused here, whatever the workflows believe.
CREATE UNIQUE INDEX payments_one_prompt ON payments (phone) WHERE status IN ('requested', 'prompted');
CREATE INDEX payments_owner ON payments (owner_id, created_at);
CREATE INDEX payments_newest ON payments (created_at DESC, id DESC);
CREATE TRIGGER payments_touch BEFORE UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION touch();

CREATE TABLE provider_messages (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('stk_callback', 'reversal_result', 'reversal_timeout')),
  subject_id uuid NOT NULL, body jsonb NOT NULL, body_hash bytea NOT NULL, source_ip text,
  received_at timestamptz NOT NULL DEFAULT now(), delivered_at timestamptz, outcome text,
  UNIQUE (kind, subject_id, body_hash)
);
CREATE INDEX provider_messages_waiting ON provider_messages (received_at) WHERE delivered_at IS NULL;

CREATE TABLE refunds (
  id uuid PRIMARY KEY, payment_id uuid NOT NULL UNIQUE REFERENCES payments,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0), method text NOT NULL, reason text NOT NULL,
  status text NOT NULL CHECK (status IN ('requested', 'sent', 'settled', 'refused')),
  conversation_id text, originator_conversation_id text, receipt text UNIQUE, provider_code text,
  requested_by text NOT NULL, requested_at timestamptz NOT NULL DEFAULT now(), processed_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER refunds_touch BEFORE UPDATE ON refunds FOR EACH ROW EXECUTE FUNCTION touch();
`,
}
