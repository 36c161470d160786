/** Where a change comes from, for the audit: said once at the door, and known to whatever is done behind it. */
import { AsyncLocalStorage } from 'node:async_hooks'

const origins = new AsyncLocalStorage<string>()
const LONGEST = 200

/** An address and a request, a workflow, or a program: `41.90.3.7 request 5f2d…`, `workflow refund:…`. */
export const from = <T>(origin: string, work: () => T): T =>
  origins.run(origin.slice(0, LONGEST), work)

export const originNow = (): string | null => origins.getStore() ?? null
