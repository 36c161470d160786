/** What finance may ask of reconciliation. */
import { z } from 'zod'
import { EXPLAINING_ACCOUNTS, type ExplainingAccount } from '../reconciliation.ts'
import { correctionReason } from './corrections.ts'

export const runRequest = z.object({
  kind: z.enum(['pull', 'full'], 'Choose pull or full.'),
})

const isExplaining = (text: string): text is ExplainingAccount =>
  (EXPLAINING_ACCOUNTS as readonly string[]).includes(text)

/** `none`: the books are right as they are, nothing is posted. */
export const explanationRequest = z.object({
  reason: correctionReason,
  account: z.string('Choose an account.').transform((text, context): ExplainingAccount | null => {
    if (text === 'none' || isExplaining(text)) return text === 'none' ? null : text
    context.addIssue({ code: 'custom', message: 'Choose where it is booked.' })
    return z.NEVER
  }),
})
