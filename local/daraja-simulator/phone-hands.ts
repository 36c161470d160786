import { Hono, type Context } from 'hono'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { z } from 'zod'
import { pause } from './clock.ts'
import { pathMsisdn } from './control/endpoint.ts'
import type { payFormSchema } from './pay-form.tsx'
import type { Simulator } from './simulator.ts'

export type From = 'wall' | 'phone'
type DrawPhone = (msisdn: string, from: From) => HtmlEscapedString | Promise<HtmlEscapedString>

/** The phones' own forms: a script gets the phone back, a browser without one the page it came from. */
export const handRoutes = ({ payments, handsets, changed }: Simulator, draw: DrawPhone) => {
  const app = new Hono()
  const back = (c: Context, msisdn: string, from: From) =>
    c.req.header('HX-Request')
      ? c.html(draw(msisdn, from))
      : c.redirect(from === 'wall' ? `/#phone-${msisdn}` : `/phones/${msisdn}`, 303)
  app.post('/:msisdn/answer', async (c) => {
    const msisdn = pathMsisdn(c.req.param('msisdn'))
    const { pin, cancel, from } = await c.req.parseBody()
    if (cancel !== undefined) payments.answer(msisdn, { cancel: true })
    else if (typeof pin === 'string' && /^\d{4}$/.test(pin)) payments.answer(msisdn, { pin })
    return back(c, msisdn, from === 'wall' ? 'wall' : 'phone')
  })
  app.post('/:msisdn/switch', async (c) => {
    const msisdn = pathMsisdn(c.req.param('msisdn'))
    const { on, from } = await c.req.parseBody()
    payments.switchPhone(msisdn, on === 'yes')
    return back(c, msisdn, from === 'wall' ? 'wall' : 'phone')
  })
  app.post('/:msisdn/unlock', async (c) => {
    const msisdn = pathMsisdn(c.req.param('msisdn'))
    const { from } = await c.req.parseBody()
    handsets.change(msisdn, { wrongPins: 0 })
    changed(msisdn)
    return back(c, msisdn, from === 'wall' ? 'wall' : 'phone')
  })
  return app
}

/** The merchant is asked first and may take its time; the message on the phone tells the rest. */
const PATIENCE_MS = 1_000

export const payByForm = (
  { paybill, moods, clock }: Simulator,
  phone: string,
  { paybill: shortCode, account, amount }: z.infer<typeof payFormSchema>,
): Promise<unknown> => {
  const wanted = { phone, amount, shortCode, accountReference: account }
  const paid = paybill.pay(wanted, moods.take('c2b', wanted))
  return Promise.race([paid, pause(clock, PATIENCE_MS)])
}
