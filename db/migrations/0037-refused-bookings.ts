/** A refusal stands, so that a step that is done twice never refuses a booking with one hand and holds a car with the other. */
export const refusedBookings = {
  name: '0037-refused-bookings',
  up: `
CREATE TABLE refused_bookings (
  reservation_id uuid PRIMARY KEY, answer jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX refused_bookings_at ON refused_bookings (at);
`,
}
