/** The table of reports is the queue of those that wait for their stories; one that does not get through waits a while. */
export const reportDelivery = {
  name: '0030-report-delivery',
  up: `
ALTER TABLE provider_messages ADD COLUMN tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  ADD COLUMN try_at timestamptz NOT NULL DEFAULT now();
DROP INDEX provider_messages_waiting;
CREATE INDEX provider_messages_waiting ON provider_messages (try_at) WHERE delivered_at IS NULL;
`,
}
