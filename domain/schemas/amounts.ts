/** Amounts as programs and forms write them. */
import { z } from 'zod'
import { fromDecimal, type Cents } from '../money.ts'

export const decimalAmount = z
  .union([z.string(), z.number()], 'Say an amount.')
  .transform((value, context): Cents => {
    const amount = fromDecimal(String(value).trim())
    if (amount !== null) return amount
    context.addIssue({ code: 'custom', message: 'Write the amount like 4500 or 4500.00.' })
    return z.NEVER
  })
