/** What is sent about loyalty points. */
import { z } from 'zod'
import { ADJUSTMENT_REASON_LENGTH, LEAST_SPENT, MOST_ADJUSTED } from '../loyalty.ts'
import { ONE_LINE } from './texts.ts'

const WHOLE = 'Write a whole number of points.'
const MOST = `At most ${MOST_ADJUSTED} points at once.`

const reason = z
  .string('Say why.')
  .trim()
  .min(3, 'Say why.')
  .max(ADJUSTMENT_REASON_LENGTH, `At most ${ADJUSTMENT_REASON_LENGTH} letters.`)
  .regex(ONE_LINE, 'Write it in one line.')

export const adjustmentRequest = z.strictObject({
  points: z
    .int(WHOLE)
    .min(0 - MOST_ADJUSTED, MOST)
    .max(MOST_ADJUSTED, MOST)
    .refine((points) => points !== 0, 'Say how many points.'),
  reason,
})

/** Typed in a form: `250` gives, `-250` takes. */
export const adjustmentForm = z.object({
  points: z
    .string(WHOLE)
    .trim()
    .regex(/^[+-]?\d{1,6}$/, WHOLE)
    .transform(Number)
    .pipe(adjustmentRequest.shape.points),
  reason,
})

/** On a price: none where nothing is typed. */
export const pointsForm = z
  .string()
  .trim()
  .regex(/^\d{0,7}$/, WHOLE)
  .transform(Number)

export const pointsToSpend = z
  .int(WHOLE)
  .min(LEAST_SPENT, `Use at least ${LEAST_SPENT} points.`)
  .max(10_000_000, WHOLE)
