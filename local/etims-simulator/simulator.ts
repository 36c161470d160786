/** As much of KRA's online sales control unit as Gari speaks to: it registers each invoice number once. */
import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'

/**
 * - `lost`: registers, but the answer never arrives. `down`: 500 without registering.
 * - `bare_duplicate`: a repeat is answered 924 without the first answer's data.
 */
export const ETIMS_MOODS = ['good', 'lost', 'down', 'html', 'bare_duplicate', 'bad_pin'] as const
export type EtimsMood = (typeof ETIMS_MOODS)[number]
export type EtimsDevice = { pin: string; branch: string; key: string }
export const ETIMS_SANDBOX: EtimsDevice = { pin: 'P000000000X', branch: '00', key: 'local' }

const saleSchema = z.object({
  trdInvcNo: z.string(),
  invcNo: z.number().int(),
  orgInvcNo: z.number().int(),
  rcptTyCd: z.enum(['S', 'R']),
  totTaxblAmt: z.number(),
  totTaxAmt: z.number(),
  totAmt: z.number(),
  totItemCnt: z.number().int(),
  itemList: z.array(z.object({ totAmt: z.number(), taxAmt: z.number() })).min(1),
})
type Registered = { curRcptNo: number; intrlData: string; rcptSign: string; sdcDateTime: string }

const SIGN_LENGTH = 16
const DATA_LENGTH = 26
const coded = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').toUpperCase().slice(0, length)
const stamp = () => new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
const answer = (resultCd: string, resultMsg: string, data: unknown = null) => ({
  resultCd,
  resultMsg,
  resultDt: stamp(),
  data,
})
const inCents = (shillings: number) => Math.round(shillings * 100)
const addsUp = ({ itemList, totAmt, totTaxAmt }: z.infer<typeof saleSchema>) =>
  itemList.reduce((sum, one) => sum + inCents(one.totAmt), 0) === inCents(totAmt) &&
  itemList.reduce((sum, one) => sum + inCents(one.taxAmt), 0) === inCents(totTaxAmt)

export function createEtimsSimulator(device = ETIMS_SANDBOX) {
  const books = new Map<number, Registered>()
  const state: { mood: EtimsMood } = { mood: 'good' }
  const app = new Hono()

  app.post('/saveTrnsSalesOsdc', async (c) => {
    const { mood } = state
    if (mood === 'down') return c.text('Internal Server Error', 500)
    if (mood === 'html') return c.html('<html>maintenance</html>', 503)
    if (mood === 'bad_pin') return c.json(answer('910', 'Request parameter error: custTin'))
    const known =
      c.req.header('tin') === device.pin &&
      c.req.header('bhfId') === device.branch &&
      c.req.header('cmcKey') === device.key
    if (!known) return c.json(answer('901', 'It is not valid device'))
    const sale = saleSchema.safeParse(await c.req.json().catch(() => null))
    if (!sale.success || !addsUp(sale.data)) return c.json(answer('910', 'Request parameter error'))
    const before = books.get(sale.data.invcNo)
    if (before)
      return c.json(
        answer('924', 'Invoice number already exists', mood === 'bare_duplicate' ? null : before),
      )
    const { invcNo, rcptTyCd, orgInvcNo } = sale.data
    if (rcptTyCd === 'R' && !books.has(orgInvcNo))
      return c.json(answer('922', 'The original invoice is not known'))
    const made = {
      curRcptNo: books.size + 1,
      intrlData: coded(`data ${invcNo}`, DATA_LENGTH),
      rcptSign: coded(`sign ${invcNo}`, SIGN_LENGTH),
      sdcDateTime: stamp(),
    }
    books.set(invcNo, made)
    return mood === 'lost' ? c.body(null, 504) : c.json(answer('000', 'It is succeeded', made))
  })

  app.get('/_control', (c) => c.json({ mood: state.mood, registered: books.size }))
  app.post('/_control', async (c) => {
    const wish = z.object({ mood: z.enum(ETIMS_MOODS) }).safeParse(await c.req.json())
    if (!wish.success) return c.json({ error: `mood is one of ${ETIMS_MOODS.join(', ')}` }, 400)
    state.mood = wish.data.mood
    return c.json(state)
  })
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  return { app, state, registered: () => books.size }
}
