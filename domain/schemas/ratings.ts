/** What is sent about ratings: by a colleague who sets one, by a customer who asks for a person, and what they are told. */
import { z } from 'zod'
import { RISK_LEVELS } from '../customers.ts'
import { RATING_LIMITS } from '../ratings.ts'
import { LINES, ONE_LINE } from './texts.ts'

const { whyLength, wordsLength } = RATING_LIMITS

const written = (most: number) =>
  z
    .string('Write something here.')
    .trim()
    .min(3, 'Write something here.')
    .max(most, `At most ${most} characters.`)
    .regex(LINES, 'No control characters.')

/** Until the end of that day in Nairobi. */
export const handRating = z.strictObject({
  level: z.enum(RISK_LEVELS, { error: 'Say low, medium or high.' }),
  why: z
    .string('Say why.')
    .trim()
    .min(3, 'Say why.')
    .max(whyLength, `At most ${whyLength} characters.`)
    .regex(ONE_LINE, 'Write it in one line.'),
  until: z.iso.date('Say a day as 2027-01-31.'),
})

export const reviewWish = z.strictObject({ words: written(wordsLength) })
export const reviewAnswer = z.strictObject({ answer: written(wordsLength) })
