/** Money that came too late and whose car is gone: what is offered instead, and what became of it. */
export const lateOffers = {
  name: '0016-late-offers',
  up: `
CREATE TABLE late_offers (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  payment_id uuid NOT NULL REFERENCES payments, reservation_id uuid NOT NULL REFERENCES reservations,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'taken', 'declined', 'expired')),
  -- The best one is held; the others only when they are chosen.
  hold_id uuid NOT NULL REFERENCES holds,
  expires_at timestamptz NOT NULL,
  chosen_at timestamptz, chosen_option uuid,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((status = 'taken') = (chosen_option IS NOT NULL))
);
CREATE UNIQUE INDEX late_offers_open ON late_offers (payment_id) WHERE status = 'open';
CREATE UNIQUE INDEX late_offers_one_booking ON late_offers (reservation_id) WHERE status = 'open';
CREATE INDEX late_offers_newest ON late_offers (reservation_id, created_at DESC);
CREATE TRIGGER late_offers_touch BEFORE UPDATE ON late_offers FOR EACH ROW EXECUTE FUNCTION touch();

CREATE TABLE late_offer_options (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), offer_id uuid NOT NULL REFERENCES late_offers,
  position integer NOT NULL,
  category_code text NOT NULL REFERENCES vehicle_categories,
  -- The held car; null for one that is looked for when it is chosen.
  vehicle_id uuid REFERENCES vehicles,
  total_cents bigint NOT NULL CHECK (total_cents > 0 AND total_cents % 100 = 0),
  difference_cents bigint NOT NULL CHECK (difference_cents >= 0),
  -- Null while the price of the booking stands.
  quote jsonb,
  gone_at timestamptz,
  UNIQUE (offer_id, position),
  CHECK ((difference_cents = 0) = (quote IS NULL))
);
ALTER TABLE late_offers ADD FOREIGN KEY (chosen_option) REFERENCES late_offer_options;
`,
}
