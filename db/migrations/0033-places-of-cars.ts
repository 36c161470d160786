/** Who may stand where, and when somebody comes back there, is found by the place, however many cars there are. */
export const placesOfCars = {
  name: '0033-places-of-cars',
  up: `
CREATE INDEX vehicles_home ON vehicles (location_code) WHERE active;
CREATE INDEX holds_visitors ON holds (to_location, resource_id)
  WHERE state IN ('held', 'confirmed', 'active', 'ended');
CREATE INDEX holds_returns ON holds (to_location, upper(period))
  WHERE state IN ('held', 'confirmed', 'active');
`,
}
