/**
 * Bookings under way, so that the limit of unpaid ones holds for requests sent at once; which browser asked for a
 * code; which people are samples.
 */
export const limits = {
  name: '0007-limits',
  up: `
CREATE TABLE booking_tries (
  reservation_id uuid PRIMARY KEY, customer_id uuid NOT NULL REFERENCES users,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX booking_tries_customer ON booking_tries (customer_id, at);
ALTER TABLE one_time_codes ADD COLUMN asked_by bytea;
-- Sample people of an earlier start are known by whoever gave them their roles; the sample customer has none.
UPDATE users SET created_by = 'seed' WHERE email = 'wanjiku@example.com'
  AND EXISTS (SELECT 1 FROM role_assignments WHERE given_by = 'seed');
`,
}
