/** How we register for payments by hand (C2B) and fetch them (Pull): requests strictly, answers loosely. */
import { z } from 'zod'
import { ourUrl } from './daraja-calls.ts'
import { plainFields, readText } from './daraja-values.ts'

const shortCode = z.string().regex(/^\d{5,7}$/)
/** Safaricom refuses addresses in which these occur, whatever the part of the address. */
const BANNED_WORDS = /m-?pesa|safaricom|exe|cmd|sql|query/i
const registeredUrl = ourUrl.refine((url) => !BANNED_WORDS.test(url))

export const registerUrlsRequest = z.strictObject({
  ShortCode: shortCode,
  /** What Safaricom does when our validation cannot be reached. */
  ResponseType: z.enum(['Completed', 'Cancelled']),
  ConfirmationURL: registeredUrl,
  ValidationURL: registeredUrl,
})

export const registerPullRequest = z.strictObject({
  ShortCode: shortCode,
  RequestType: z.literal('Pull'),
  NominatedNumber: z.string().regex(/^254[17]\d{8}$/),
  CallBackURL: registeredUrl,
})

/** `2026-11-21 08:00:00` in Nairobi. */
const pullTime = z.string().regex(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/)

export const pullRequest = z.strictObject({
  ShortCode: shortCode,
  StartDate: pullTime,
  EndDate: pullTime,
  /** Counted in rows; text on the wire. */
  OffSetValue: z.string().regex(/^\d{1,7}$/),
})

export type RegisterAck = { code: string | null; description: string; hasId: boolean }

/**
 * The answer of both registrations. Its id is misspelt (`OriginatorCoversationID`), named otherwise or missing, and
 * the code stands under two names or nowhere; null when the body is no object.
 */
export function parseRegisterAck(body: unknown): RegisterAck | null {
  const fields = plainFields(body)
  if (!fields) return null
  const value = (...names: string[]) =>
    names.map((name) => readText(fields.get(name))).find((one) => one !== null) ?? null
  return {
    code: value('responsecode', 'responsestatus'),
    description: value('responsedescription', 'responsemessage') ?? '',
    hasId: value('originatorcoversationid', 'originatorconversationid', 'conversationid') !== null,
  }
}
