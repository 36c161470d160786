/** What people see of a rental in the Temporal UI: one line of Markdown and its status. */
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import { formatKes } from '../domain/money.ts'
import { formatTime } from '../domain/time.ts'
import type { RentalStory } from './rental-handlers.ts'
import { BUSINESS_STATUS } from './search-attributes.ts'

const sentence = ({ input, status, overdue, returned }: RentalStory): string => {
  const due = formatTime(new Date(input.dueAt))
  if (status === 'on_the_road')
    return overdue
      ? `${input.plate} is overdue since ${due}.`
      : `${input.plate} is out until ${due}.`
  if (status === 'settled') return `${input.plate} is back, and its deposit is settled.`
  const asked = formatKes(returned?.total ?? (0 as never))
  return status === 'disputed'
    ? `${input.plate} is back; a person decides about ${asked}.`
    : `${input.plate} is back; ${asked} is asked for.`
}

export function showRental(story: RentalStory): void {
  setCurrentDetails(sentence(story))
  const shown = story.overdue ? 'overdue' : story.status
  upsertSearchAttributes([{ key: BUSINESS_STATUS, value: shown }])
}
