/** Charges are told about like bookings: a message is about the one or the other. */
export const chargeNotices = {
  name: '0018-charge-notices',
  up: `
ALTER TABLE notifications ALTER COLUMN reservation_id DROP NOT NULL,
  ADD COLUMN charge_id uuid,
  ADD CHECK (num_nonnulls(reservation_id, charge_id) = 1);
`,
}
