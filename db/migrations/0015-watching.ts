/**
 * A phone's recent payments are looked at before it is asked again; times in which a provider was away; and the pace
 * at which requests that waited for M-Pesa go out afterwards.
 */
export const watching = {
  name: '0015-watching',
  up: `
CREATE INDEX payments_phone ON payments (phone, requested_at DESC) WHERE phone IS NOT NULL;
-- Since when the request waits for M-Pesa to be reachable; null once it was sent or given up.
ALTER TABLE payments ADD COLUMN queued_since timestamptz, ADD COLUMN push_turn_at timestamptz;
CREATE INDEX payments_queued ON payments (queued_since) WHERE queued_since IS NOT NULL;

CREATE TABLE outages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  part text NOT NULL CHECK (part IN ('daraja')),
  began_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz CHECK (ended_at >= began_at)
);
CREATE UNIQUE INDEX outages_open ON outages (part) WHERE ended_at IS NULL;
CREATE INDEX outages_newest ON outages (part, began_at DESC);
CREATE TABLE push_pace (one boolean PRIMARY KEY DEFAULT true CHECK (one), next_at timestamptz NOT NULL DEFAULT now());
INSERT INTO push_pace DEFAULT VALUES;
`,
}
