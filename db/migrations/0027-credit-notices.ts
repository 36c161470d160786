/** Messages about a customer's credit are about no booking and no charge. */
export const creditNotices = {
  name: '0027-credit-notices',
  up: `
ALTER TABLE notifications ADD COLUMN customer_id uuid, DROP CONSTRAINT notifications_check,
  ADD CONSTRAINT notifications_subject CHECK (num_nonnulls(reservation_id, charge_id, customer_id) = 1);
`,
}
