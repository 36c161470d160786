/**
 * The revenue authority's eTIMS, as an online sales control unit (OSCU). One document is one `invcNo`, which follows
 * from our own number: a repeat after a lost answer meets the first registration and never makes a second.
 * Wire facts: docs/decisions/0025.
 */
import { z } from 'zod'
import type { ControlUnit, InvoiceLine, Totals } from '../domain/invoices.ts'
import { toWire } from './etims-wire.ts'

export type Sale = {
  number: string
  /** Set for a credit note: the invoice that it takes back. */
  creditsNumber?: string
  buyer: { name: string; pin: string | null }
  lines: InvoiceLine[]
  totals: Totals
  issuedAt: Date
}

/**
 * - `refused`: certainly not registered; the code says why.
 * - `unknown`: perhaps registered; asking again is safe.
 * - `duplicate`: registered before, and the authority does not repeat its answer: a person reads it on the portal.
 */
export type EtimsAnswer =
  | { outcome: 'registered'; unit: ControlUnit }
  | { outcome: 'refused'; code: string }
  | { outcome: 'duplicate' }
  | { outcome: 'unknown'; why: string }

export type Etims = { register(sale: Sale): Promise<EtimsAnswer> }
export type EtimsOptions = {
  baseUrl: string
  /** Ours, as KRA knows us, and the branch within it. */
  pin: string
  branch: string
  /** Of the initialised device: its communication key and its serial number. */
  key: string
  device: string
  timeoutMs?: number
  fetch?: typeof fetch
}

const TIMEOUT_MS = 20_000
const PATH = '/saveTrnsSalesOsdc'
const SUCCESS = '000'
/** Invoice number already exists; overlapped data. */
const DUPLICATE = new Set(['924', '994'])
/** From here on the server itself had trouble, and may have stored the sale before. */
const SERVER_TROUBLE = new Set(['894', '991', '999'])

const dataSchema = z.object({
  curRcptNo: z.coerce.string(),
  intrlData: z.string(),
  rcptSign: z.string().min(1),
  sdcDateTime: z.coerce.string(),
})
const answerSchema = z.object({ resultCd: z.coerce.string(), data: z.unknown().optional() })

export function createEtims(options: EtimsOptions): Etims {
  const { fetch: send = fetch, timeoutMs = TIMEOUT_MS } = options
  return {
    register: async (sale) => {
      try {
        const response = await send(`${options.baseUrl}${PATH}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            tin: options.pin,
            bhfId: options.branch,
            cmcKey: options.key,
          },
          body: JSON.stringify(toWire(sale)),
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        })
        return readAnswer(options, await response.text())
      } catch {
        return { outcome: 'unknown', why: 'no answer' }
      }
    },
  }
}

function readAnswer(options: EtimsOptions, body: string): EtimsAnswer {
  const read = answerSchema.safeParse(parseJson(body))
  if (!read.success) return { outcome: 'unknown', why: 'the answer cannot be read' }
  const { resultCd, data } = read.data
  const known = resultCd === SUCCESS || DUPLICATE.has(resultCd)
  const unit = known ? dataSchema.safeParse(data) : null
  if (unit?.success) return { outcome: 'registered', unit: toUnit(options, unit.data) }
  // Accepted, yet what it answered is not there: it surely counts, so it is not sent as another.
  if (known) return { outcome: 'duplicate' }
  if (SERVER_TROUBLE.has(resultCd)) return { outcome: 'unknown', why: `result ${resultCd}` }
  return { outcome: 'refused', code: resultCd.slice(0, 20) }
}

const VIEW = '/common/link/etims/receipt/indexEtimsReceiptData?Data='

/** The address that KRA prints in its QR codes: PIN, branch and signature, on the host that registered it. */
const toUnit = (
  { baseUrl, pin, branch, device }: EtimsOptions,
  { curRcptNo, intrlData, rcptSign, sdcDateTime }: z.infer<typeof dataSchema>,
): ControlUnit => ({
  serial: device,
  invoiceNumber: `${device}/${curRcptNo}`,
  signature: rcptSign,
  internalData: intrlData,
  url: `${viewHost(baseUrl)}${VIEW}${pin}${branch}${rcptSign}`,
  at: sdcDateTime,
})

/** The API's host is `etims-api(-sbx).kra.go.ke`, the public's `etims(-sbx).kra.go.ke`. */
const viewHost = (baseUrl: string): string => new URL(baseUrl).origin.replace('etims-api', 'etims')

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
