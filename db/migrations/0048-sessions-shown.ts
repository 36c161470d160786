/** What people know their own sessions by. */
export const sessionsShown = {
  name: '0048-sessions-shown',
  up: `ALTER TABLE sessions ADD COLUMN device text CHECK (length(device) <= 300), ADD COLUMN address text;`,
}
