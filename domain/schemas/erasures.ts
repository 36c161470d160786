/** What is asked when what we hold about somebody is to be erased, or to be kept. */
import { z } from 'zod'
import { ERASURE_WORDS } from '../erasures.ts'
import { statusRequest } from './roles.ts'

/** How whoever works here knows that it is they who ask. */
export const erasureRequest = statusRequest.pick({ why: true })
export const legalHoldRequest = statusRequest.pick({ why: true })

const words: string[] = Object.values(ERASURE_WORDS)

/** Typed by hand, in either language. */
export const erasureConfirmation = z.object({
  confirmation: z
    .string()
    .trim()
    .toUpperCase()
    .refine((text) => words.includes(text), 'Type the word that stands in capitals.'),
})

/** On a page that asks for other reasons, too. */
export const erasureForm = erasureConfirmation.extend({
  why_erased: statusRequest.shape.why,
})
export const legalHoldForm = z.object({ why_held: statusRequest.shape.why })
