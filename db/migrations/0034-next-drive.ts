/** What a car does next is found by one step, however full its calendar is. */
import { buildIndex } from './migration.ts'

export const nextDrive = {
  name: '0034-next-drive',
  steps: buildIndex(
    'holds_next',
    "holds (resource_id, lower(period)) WHERE state IN ('held', 'confirmed', 'active')",
  ),
}
