/** What people type into pages. Messages stand beside the field. */
import { z } from 'zod'
import { readShillings } from '../money.ts'
import { LIMITS } from '../reservations.ts'
import { kenyanMobile } from './phones.ts'
import { personName } from './requests.ts'

export const typedShillings = z.string('Say an amount.').transform((text, context) => {
  const amount = readShillings(text)
  if (amount !== null) return amount
  context.addIssue({ code: 'custom', message: 'Write the amount in whole shillings, like 4,500.' })
  return z.NEVER
})

export const payForm = z.object({
  phone: kenyanMobile,
  amount: typedShillings,
  partyId: z.union([z.literal(''), z.uuid()]),
  paymentId: z.uuid('Load the page again.'),
})

export const partyForm = z.object({ name: personName, phone: kenyanMobile })
export const partyFormWithShare = partyForm.extend({ share: typedShillings })

export const specialRequests = z
  .string()
  .trim()
  .max(LIMITS.requestsLength, `At most ${LIMITS.requestsLength} letters.`)
