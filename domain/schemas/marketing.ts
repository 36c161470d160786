/** Boxes beside which the words of a wording stood; a box that is not ticked is not sent. */
import { z } from 'zod'
import { boxName, MARKETING_CHANNELS, WORDING, WORDINGS } from '../marketing.ts'

const AGAIN = 'Load the page again.'
const box = z
  .string()
  .optional()
  .transform((text) => text === 'yes')

/** Which words were shown is the page's to say: it may have been open while others came. A yes without words is none. */
export const choicesForm = z
  .object({
    wording: z
      .string()
      .regex(/^\d{1,6}$/, AGAIN)
      .transform(Number)
      .refine((asked) => WORDINGS.some(({ version }) => version === asked), AGAIN)
      .optional(),
    marketing_email: box,
    marketing_sms: box,
  })
  .refine(
    ({ wording, marketing_email, marketing_sms }) =>
      wording !== undefined || !(marketing_email || marketing_sms),
    { error: AGAIN, path: ['wording'] },
  )
  .transform(({ wording = WORDING, ...boxes }) => ({
    wording,
    ticked: MARKETING_CHANNELS.filter((channel) => boxes[boxName(channel)]),
  }))
export type Ticked = z.infer<typeof choicesForm>
