/** What people type into pages. Messages stand beside the field. */
import { z } from 'zod'
import { shillings } from '../money.ts'
import { LIMITS } from '../reservations.ts'
import { kenyanMobile } from './phones.ts'
import { personName } from './requests.ts'

/** Whole shillings as people write them: `4500`, `4,500`, `KSh 4,500`. */
export const typedShillings = z.string('Say an amount.').transform((text, context) => {
  const digits = text.replace(/^\s*(?:ksh|kes)\.?/i, '').replaceAll(/[\s,]/g, '')
  if (/^[1-9]\d{0,7}$/.test(digits)) return shillings(Number(digits))
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
