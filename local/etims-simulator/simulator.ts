/** As much of KRA's online sales control unit as Gari speaks to: it registers each invoice number once. */
import { createHash } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { ShellLinks } from '../shell/layout.tsx'
import { openEtimsBooks, type Answered, type EtimsBooks, type Registered } from './books.ts'
import { etimsPages } from './pages.tsx'

/**
 * - `lost`: registers, but the answer never arrives. `down`: 500 without registering.
 * - `bare_duplicate`: a repeat is answered 924 without the first answer's data.
 */
export const ETIMS_MOODS = ['good', 'lost', 'down', 'html', 'bare_duplicate', 'bad_pin'] as const
export type EtimsMood = (typeof ETIMS_MOODS)[number]
export type EtimsState = { mood: EtimsMood }
export type EtimsDevice = { pin: string; branch: string; key: string }
export const ETIMS_SANDBOX: EtimsDevice = { pin: 'P000000000X', branch: '00', key: 'local' }
/** Serial number of the control unit, in the shape of KRA's. */
export const ETIMS_DEVICE = 'KRACU0100000001'

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
type Sale = z.infer<typeof saleSchema>

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
const addsUp = ({ itemList, totAmt, totTaxAmt }: Sale) =>
  itemList.reduce((sum, one) => sum + inCents(one.totAmt), 0) === inCents(totAmt) &&
  itemList.reduce((sum, one) => sum + inCents(one.taxAmt), 0) === inCents(totTaxAmt)

type Options = { device?: EtimsDevice; books?: EtimsBooks; links?: () => ShellLinks }

export function createEtimsSimulator(options: Options = {}) {
  const { device = ETIMS_SANDBOX, books = openEtimsBooks(), links = () => ({}) } = options
  const state: EtimsState = { mood: 'good' }
  const app = new Hono()
  app.post('/saveTrnsSalesOsdc', async (c) => {
    const { mood } = state
    if (mood === 'down') return c.text('Internal Server Error', 500)
    if (mood === 'html') return c.html('<html>maintenance</html>', 503)
    if (mood === 'bad_pin') return c.json(answer('910', 'Request parameter error: custTin'))
    if (!isDevice(c, device)) return c.json(answer('901', 'It is not valid device'))
    const sale = saleSchema.safeParse(await c.req.json().catch(() => null))
    if (!sale.success || !addsUp(sale.data)) return c.json(answer('910', 'Request parameter error'))
    const before = books.find(sale.data.invcNo)
    if (before)
      return c.json(
        answer(
          '924',
          'Invoice number already exists',
          mood === 'bare_duplicate' ? null : told(before),
        ),
      )
    const { rcptTyCd, orgInvcNo } = sale.data
    if (rcptTyCd === 'R' && !books.find(orgInvcNo))
      return c.json(answer('922', 'The original invoice is not known'))
    const made = register(books, sale.data)
    return mood === 'lost'
      ? c.body(null, 504)
      : c.json(answer('000', 'It is succeeded', told(made)))
  })
  app.route('/', control(state, books))
  app.route('/', etimsPages({ books, state, device, links, moods: ETIMS_MOODS }))
  return { app, state, registered: () => books.list().length }
}

const isDevice = (c: Context, { pin, branch, key }: EtimsDevice): boolean =>
  c.req.header('tin') === pin && c.req.header('bhfId') === branch && c.req.header('cmcKey') === key

const told = ({ curRcptNo, intrlData, rcptSign, sdcDateTime }: Registered): Answered => ({
  curRcptNo,
  intrlData,
  rcptSign,
  sdcDateTime,
})

function register(books: EtimsBooks, sale: Sale): Registered {
  const { invcNo, trdInvcNo, orgInvcNo, rcptTyCd, totAmt, totTaxAmt } = sale
  const made = {
    invcNo,
    trdInvcNo,
    credits: rcptTyCd === 'R' ? orgInvcNo : null,
    totAmt,
    totTaxAmt,
    curRcptNo: books.list().length + 1,
    intrlData: coded(`data ${invcNo}`, DATA_LENGTH),
    rcptSign: coded(`sign ${invcNo}`, SIGN_LENGTH),
    sdcDateTime: stamp(),
  }
  books.add(made)
  return made
}

/** For scripts. */
const control = (state: EtimsState, books: EtimsBooks) => {
  const app = new Hono()
  app.get('/_control', (c) => c.json({ mood: state.mood, registered: books.list().length }))
  /** All that was ever registered, oldest first. */
  app.get('/_control/documents', (c) => c.json(books.list()))
  app.post('/_control', async (c) => {
    const wish = z
      .object({ mood: z.enum(ETIMS_MOODS) })
      .safeParse(await c.req.json().catch(() => null))
    if (!wish.success) return c.json({ error: `mood is one of ${ETIMS_MOODS.join(', ')}` }, 400)
    state.mood = wish.data.mood
    return c.json(state)
  })
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  return app
}
