import { z } from 'zod'
import type { C2bUrls } from './money/entries.ts'
import type { Answer } from './notices/delivery.ts'

/** What a merchant may say to a payment before it is made, and how the customer hears it. */
export const REJECTIONS = {
  C2B00011: 'the phone number is not accepted',
  C2B00012: 'the account number is wrong',
  C2B00013: 'the amount is wrong',
  C2B00014: 'the details of the customer are not accepted',
  C2B00015: 'the business number is wrong',
  C2B00016: 'the business did not accept it',
} as const
export type Rejection = keyof typeof REJECTIONS

export type Validation =
  { accepted: true; thirdPartyId: string } | { accepted: false; code: Rejection }

const answerSchema = z.object({
  ResultCode: z.union([z.string(), z.number()]).transform(String),
  ThirdPartyTransID: z.union([z.string(), z.number()]).transform(String).nullish(),
})
const ACCEPTED = /^0+$/

/** Anything that is no clear answer leaves it to what the merchant registered for that case. */
export const readValidation = (
  answer: Answer | null,
  { responseType }: Pick<C2bUrls, 'responseType'>,
): Validation => {
  const read = answer?.status === 200 ? answerSchema.safeParse(answer.json).data : undefined
  if (!read)
    return responseType === 'Completed'
      ? { accepted: true, thirdPartyId: '' }
      : { accepted: false, code: 'C2B00016' }
  const { ResultCode, ThirdPartyTransID } = read
  if (ACCEPTED.test(ResultCode)) return { accepted: true, thirdPartyId: ThirdPartyTransID ?? '' }
  return {
    accepted: false,
    code: ResultCode in REJECTIONS ? (ResultCode as Rejection) : 'C2B00016',
  }
}
