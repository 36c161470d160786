import { Hono, type Context } from 'hono'
import { liveFrom, Page } from '../shell/layout.tsx'
import { streamPieces } from '../shell/live.ts'
import { pathMsisdn } from './control/endpoint.ts'
import { readMsisdn } from './handsets.ts'
import { viewHandset, wallOrder } from './handset-view.ts'
import { PayForm, payFormSchema } from './pay-form.tsx'
import { handRoutes, payByForm, type From } from './phone-hands.ts'
import { Intro } from './phone-intro.tsx'
import { Phone } from './phone-parts.tsx'
import type { Simulator } from './simulator.ts'

const ASSETS = { styles: ['phone.css'], scripts: ['phone.js'] }
const WALL_MESSAGES = 2

/** The wall of phones, a page for each, and the hands that hold them. Works without JavaScript. */
export const phoneRoutes = (simulator: Simulator) => {
  const app = new Hono()
  const phone = (msisdn: string, from: From) => (
    <Phone
      view={viewHandset(simulator, msisdn)}
      from={from}
      messageLimit={from === 'wall' ? WALL_MESSAGES : undefined}
    />
  )
  const replace = (msisdn: string, from: From) => (
    <hx-partial hx-target={`#phone-${msisdn}`} hx-swap="outerMorph">
      {phone(msisdn, from)}
    </hx-partial>
  )
  const drawing = { simulator, phone, replace }
  app.route('/', wallRoutes(drawing))
  app.route('/phones', aloneRoutes(drawing))
  app.route('/phones', handRoutes(simulator, phone))
  return app
}

type Draw = (msisdn: string, from: From) => ReturnType<typeof Phone>
type Drawing = { simulator: Simulator; phone: Draw; replace: Draw }

const wallRoutes = ({ simulator, phone, replace }: Drawing) => {
  const app = new Hono()
  const wall = (c: Context, typed = '', error: string | null = null) =>
    c.html(
      <Page title="Phones" here="phones" links={simulator.links()} {...ASSETS}>
        <Intro typed={typed} error={error} />
        <div class="wall" id="wall" {...liveFrom('/live')}>
          {wallOrder(simulator).map((msisdn) => phone(msisdn, 'wall'))}
        </div>
      </Page>,
      error ? 422 : 200,
    )

  app.get('/', (c) => wall(c))
  app.get('/live', (c) => {
    const onPage = new Set(wallOrder(simulator))
    const first = () => <>{[...onPage].map((msisdn) => replace(msisdn, 'wall'))}</>
    return streamPieces(c, simulator.live, first, (msisdn) => {
      if (onPage.has(msisdn)) return replace(msisdn, 'wall')
      onPage.add(msisdn)
      return (
        <hx-partial hx-target="#wall" hx-swap="beforeend">
          {phone(msisdn, 'wall')}
        </hx-partial>
      )
    })
  })
  app.get('/phones', (c) => {
    const typed = c.req.query('number') ?? ''
    const msisdn = readMsisdn(typed)
    if (msisdn) return c.redirect(`/phones/${msisdn}`, 303)
    return wall(c, typed, 'Enter a Kenyan mobile number, such as 0712 345 678.')
  })
  return app
}

type Typed = Record<string, string>

const aloneRoutes = ({ simulator, phone, replace }: Drawing) => {
  const app = new Hono()
  const alone = (c: Context, msisdn: string, typed: Typed = {}, problem?: string) => {
    const { name, spoken } = viewHandset(simulator, msisdn)
    const paybill = simulator.merchant.shortCode
    return c.html(
      <Page title={`${name}, ${spoken}`} here="phones" links={simulator.links()} {...ASSETS}>
        <p>
          <a href="/">All phones</a>
        </p>
        <div class="alone">
          <div {...liveFrom(`/phones/${msisdn}/live`)}>{phone(msisdn, 'phone')}</div>
          <PayForm msisdn={msisdn} paybill={paybill} typed={typed} problem={problem} />
        </div>
      </Page>,
      problem === undefined ? 200 : 422,
    )
  }
  app.get('/:msisdn', (c) => alone(c, pathMsisdn(c.req.param('msisdn'))))
  app.get('/:msisdn/live', (c) => {
    const own = pathMsisdn(c.req.param('msisdn'))
    const show = () => replace(own, 'phone')
    return streamPieces(c, simulator.live, show, (msisdn) => (msisdn === own ? show() : null))
  })
  app.post('/:msisdn/pay', async (c) => {
    const msisdn = pathMsisdn(c.req.param('msisdn'))
    const typed = await c.req.parseBody<Typed>()
    const read = payFormSchema.safeParse(typed)
    if (!read.success) return alone(c, msisdn, typed, read.error.issues[0]?.message)
    await payByForm(simulator, msisdn, read.data)
    return c.redirect(`/phones/${msisdn}`, 303)
  })
  return app
}
