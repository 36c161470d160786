/** One index tells what a car did last, where that has left it, and what it does next. */
import { buildIndex } from './migration.ts'

export const calendar = {
  name: '0040-calendar',
  steps: [
    ...buildIndex(
      'holds_calendar',
      "holds (resource_id, lower(period)) WHERE state IN ('held', 'confirmed', 'active', 'ended')",
    ),
    'ANALYZE holds',
  ],
}
