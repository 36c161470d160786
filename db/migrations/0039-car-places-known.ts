/** The places of the cars that were there before; then the indexes by which they were looked for serve nobody. */
export const carPlacesKnown = {
  name: '0039-car-places-known',
  steps: [
    `INSERT INTO car_places (location_code, vehicle_id) SELECT location_code, id FROM vehicles ON CONFLICT DO NOTHING`,
    `INSERT INTO car_places (location_code, vehicle_id)
     SELECT DISTINCT h.to_location, v.id FROM holds h JOIN vehicles v ON v.id = h.resource_id
     WHERE h.to_location <> h.from_location ON CONFLICT DO NOTHING`,
    'DROP INDEX CONCURRENTLY IF EXISTS holds_visitors',
    'DROP INDEX CONCURRENTLY IF EXISTS vehicles_home',
  ],
}
