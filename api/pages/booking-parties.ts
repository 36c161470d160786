/** Who pays, as typed on the booking form: their names, phones and shares. */
import type { PartyForm } from '../../domain/booking-form-pages.ts'
import type { FieldProblem } from '../../domain/errors.ts'
import { add, cents, formatKes, ZERO, type Cents } from '../../domain/money.ts'
import { partyForm, partyFormWithShare, specialRequests } from '../../domain/schemas/forms.ts'
import { fieldProblems } from '../input.ts'

export type Party = { name: string; phone: string; share: Cents | null }
type Typed = { parties: PartyForm[]; splitEqually: boolean; specialRequests: string }

/** Those that are right, and what is wrong with the others and with the wishes beside them. */
export function checkParties(
  typed: Typed,
  total: Cents,
): { parties: Party[]; problems: FieldProblem[] } {
  const own = !typed.splitEqually && typed.parties.length > 1
  const problems: FieldProblem[] = []
  const parties = typed.parties.flatMap((party, index): Party[] => {
    const parsed = (own ? partyFormWithShare : partyForm).safeParse(party)
    if (parsed.success) {
      const share = 'share' in parsed.data ? (parsed.data.share as Cents) : null
      return [{ name: parsed.data.name, phone: parsed.data.phone, share }]
    }
    problems.push(
      ...fieldProblems(parsed.error).map(({ path, message }) => ({
        path: `parties.${index}.${path}`,
        message,
      })),
    )
    return []
  })
  const sum = add(ZERO, ...parties.map(({ share }) => share ?? ZERO))
  if (own && problems.length === 0 && sum !== total) problems.push(shareProblem(sum, total))
  const wishes = specialRequests.safeParse(typed.specialRequests)
  if (!wishes.success) problems.push({ path: 'special_requests', message: 'Please write less.' })
  return { parties, problems }
}

const shareProblem = (sum: Cents, total: Cents): FieldProblem => {
  const difference = formatKes(cents(Math.abs(total - sum)))
  const what = sum < total ? `${difference} is missing` : `${difference} is too much`
  return {
    path: 'parties.0.share',
    message: `The shares must add up to ${formatKes(total)}: ${what}.`,
  }
}
