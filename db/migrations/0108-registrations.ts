/**
 * What somebody typed to open an account, until they open the link that was mailed to them. All of it is sealed, the address too; the
 * secret part of the link is made from the id by a key of ours, so nothing of it stands here.
 */
export const registrations = {
  name: '0108-registrations',
  up: `
CREATE TABLE registrations (
  id uuid PRIMARY KEY,
  sealed bytea NOT NULL,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at <= asked_at + interval '1 day'),
  next_try_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  sent_at timestamptz
);
CREATE INDEX registrations_waiting ON registrations (next_try_at) WHERE sent_at IS NULL;
CREATE INDEX registrations_over ON registrations (expires_at);
`,
}
