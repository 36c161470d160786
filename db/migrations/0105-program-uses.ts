/** When a program of others last acted for somebody; and where from, when it is a server: that is how a stolen secret shows. */
export const programUses = {
  name: '0105-program-uses',
  up: `
ALTER TABLE oauth_clients ADD COLUMN IF NOT EXISTS last_used_at timestamptz;
ALTER TABLE oauth_clients ADD COLUMN IF NOT EXISTS last_used_from text CHECK (length(last_used_from) <= 64)`,
}
