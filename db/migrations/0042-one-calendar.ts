/**
 * What the calendar and the places of cars have made superfluous. No release knows any of these but the second, and its
 * statements find the same rows of a car in the calendar.
 */
export const oneCalendar = {
  name: '0042-one-calendar',
  steps: ['holds_next', 'holds_position', 'holds_visitors', 'vehicles_home'].map(
    (name) => `DROP INDEX CONCURRENTLY IF EXISTS ${name}`,
  ),
}
