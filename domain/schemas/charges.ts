/** What clients may send about charges and plans, in the API's snake_case. */
import { z } from 'zod'
import { CHARGE_LIMITS, CHARGE_TYPES } from '../charges.ts'
import { isWholeShillings } from '../money.ts'
import { PLAN_PHONES } from '../payment-plans.ts'
import { LIMITS } from '../reservations.ts'
import { kenyanMobile } from './phones.ts'
import { decimalAmount } from './amounts.ts'
import { instant, personName } from './requests.ts'

const wholeAmount = decimalAmount.refine(
  (amount) => amount > 0 && isWholeShillings(amount),
  'Write the amount in whole shillings, like 4,500.',
)

export const chargeDescription = z
  .string('Say what it is for.')
  .trim()
  .min(1, 'Say what it is for.')
  .max(CHARGE_LIMITS.descriptionLength, 'Please write less.')

export const chargeRequest = z
  .object({
    type: z.enum(CHARGE_TYPES),
    amount: wholeAmount,
    description: chargeDescription,
    customer_id: z.uuid().optional(),
    reservation_id: z.uuid().optional(),
    mode: z.enum(['anybody', 'all_or_nobody']).default('anybody'),
    shrinkable: z.boolean().default(false),
    due_at: instant.optional(),
    parties: z
      .array(
        z.object({
          name: personName,
          phone: kenyanMobile,
          share: wholeAmount.optional(),
          due_at: instant.optional(),
        }),
      )
      .min(1, 'Name at least one person who pays.')
      .max(LIMITS.parties, `At most ${LIMITS.parties} people can share a charge.`),
  })
  .refine((one) => one.customer_id !== undefined || one.reservation_id !== undefined, {
    message: 'Say whose charge it is, or for which booking.',
    path: ['customer_id'],
  })
export type ChargeRequest = z.infer<typeof chargeRequest>

export const coverRequest = z.object({ party_id: z.uuid(), for_party_id: z.uuid() })
export const shrinkRequest = z.object({ party_id: z.uuid() })

export const planPhones = z
  .array(kenyanMobile)
  .min(1, 'Give a mobile number.')
  .max(PLAN_PHONES, 'Name at most 5 phones.')
  .refine((all) => new Set(all).size === all.length, 'Name each phone once.')

/** A big amount in steps: the whole balance of one booking or one charge. */
export const planRequest = z
  .object({
    reservation_id: z.uuid().optional(),
    charge_id: z.uuid().optional(),
    phones: planPhones,
  })
  .refine((one) => (one.reservation_id === undefined) !== (one.charge_id === undefined), {
    message: 'Say which booking or which charge is paid.',
    path: ['reservation_id'],
  })
export const planPhoneRequest = z.object({ phone: kenyanMobile })
