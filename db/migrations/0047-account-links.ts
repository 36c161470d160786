/**
 * Links that are mailed to whoever has an account: to prove the address, to choose a new password. The secret part of a link is
 * made from its id by a key of ours, so nothing of it stands here. One without an account was asked for an address that has none.
 */
export const accountLinks = {
  name: '0047-account-links',
  up: `
CREATE TABLE account_links (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid REFERENCES users ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'invitation', 'password_changed')),
  email citext,
  asked_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  next_try_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  sent_at timestamptz, used_at timestamptz
);
CREATE INDEX account_links_waiting ON account_links (next_try_at)
  WHERE sent_at IS NULL AND used_at IS NULL AND user_id IS NOT NULL;
CREATE INDEX account_links_user ON account_links (user_id, purpose);
`,
}
