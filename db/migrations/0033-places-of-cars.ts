/** Who may stand where, and when somebody comes back there, is found by the place, however many cars there are. */
import { buildIndex } from './migration.ts'

export const placesOfCars = {
  name: '0033-places-of-cars',
  steps: [
    ...buildIndex('vehicles_home', 'vehicles (location_code) WHERE active'),
    ...buildIndex(
      'holds_visitors',
      `holds (to_location, resource_id) WHERE state IN ('held', 'confirmed', 'active', 'ended')`,
    ),
    ...buildIndex(
      'holds_returns',
      `holds (to_location, upper(period)) WHERE state IN ('held', 'confirmed', 'active')`,
    ),
  ],
}
