/** Questions to the world, each with an end, none in the way of another. */
import { setTimeout as rest } from 'node:timers/promises'

/** What is wrong, and what whoever reads it does about it; in whole sentences, and without a secret. */
export type Complaint = { what: string; mend: string }

export type Check = {
  name: string
  title: string
  /** What helps where the question cannot even be asked. */
  mend: string
  ask: () => Promise<Complaint[]>
}

export type Answer = {
  name: string
  title: string
  fine: boolean
  complaints: Complaint[]
  tookMs: number
}

export const DEADLINE_MS = 15_000

/** Never rejects: what goes wrong while asking is an answer too. */
export async function answer(check: Check, deadlineMs = DEADLINE_MS): Promise<Answer> {
  const { name, title, mend } = check
  const begun = Date.now()
  const late = new AbortController()
  const isLate = rest(deadlineMs, null, { signal: late.signal })
  const complaints = await Promise.race([askNow(check), isLate.catch(() => null)])
  late.abort()
  const silence = { what: `There was no answer within ${deadlineMs / 1_000} seconds.`, mend }
  const found = complaints ?? [silence]
  return { name, title, fine: found.length === 0, complaints: found, tookMs: Date.now() - begun }
}

async function askNow({ ask, mend }: Check): Promise<Complaint[]> {
  try {
    return await ask()
  } catch (error) {
    return [{ what: `This could not be asked: ${reasonOf(error)}.`, mend }]
  }
}

/** The innermost reason: what lies around it says only that something failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined)
  return inner === undefined ? (error.message || error.name).replace(/\.$/, '') : reasonOf(inner)
}
