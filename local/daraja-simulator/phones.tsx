import { Hono, type Context } from 'hono'
import { liveFrom, Page } from '../shell/layout.tsx'
import { streamPieces } from '../shell/live.ts'
import { pathMsisdn } from './control/endpoint.ts'
import { readMsisdn } from './handsets.ts'
import { viewHandset, wallOrder } from './handset-view.ts'
import { Phone } from './phone-parts.tsx'
import type { Simulator } from './simulator.ts'

const ASSETS = { styles: ['phone.css'], scripts: ['phone.js'] }
const WALL_MESSAGES = 2

/** The wall of phones, a page for each, and the hands that hold them. Works without JavaScript. */
export const phoneRoutes = (simulator: Simulator) => {
  const { live } = simulator
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
    return streamPieces(c, live, first, (msisdn) => {
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
  app.get('/phones/:msisdn', (c) => {
    const msisdn = pathMsisdn(c.req.param('msisdn'))
    const { name, spoken } = viewHandset(simulator, msisdn)
    return c.html(
      <Page title={`${name}, ${spoken}`} here="phones" links={simulator.links()} {...ASSETS}>
        <p>
          <a href="/">All phones</a>
        </p>
        <div class="alone" {...liveFrom(`/phones/${msisdn}/live`)}>
          {phone(msisdn, 'phone')}
        </div>
      </Page>,
    )
  })
  app.get('/phones/:msisdn/live', (c) => {
    const own = pathMsisdn(c.req.param('msisdn'))
    const show = () => replace(own, 'phone')
    return streamPieces(c, live, show, (msisdn) => (msisdn === own ? show() : null))
  })
  app.route('/phones', handRoutes(simulator, phone))
  return app
}

type From = 'wall' | 'phone'
type DrawPhone = (msisdn: string, from: From) => ReturnType<typeof Phone>

/** The phones' own forms: a script gets the phone back, a browser without one the page it came from. */
const handRoutes = ({ payments, handsets, changed }: Simulator, draw: DrawPhone) => {
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

const Intro = ({ typed, error }: { typed: string; error: string | null }) => (
  <div class="intro">
    <div>
      <h1>Customers’ phones</h1>
      <p class="lead">
        When Gari asks for money, the prompt rings here. Type the PIN that stands under the phone.
      </p>
    </div>
    <form class="other" action="/phones" method="get">
      <label for="number">Use any other number</label>
      <div class="field">
        <input
          id="number"
          name="number"
          inputmode="tel"
          autocomplete="off"
          placeholder="0712 345 678"
          value={typed}
          required
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? 'number-error' : undefined}
        />
        <button type="submit">Open phone</button>
      </div>
      {error && (
        <p class="error" id="number-error" role="alert">
          {error}
        </p>
      )}
      <p class="hint">
        Its PIN is 1234. <a href="/_control">Daraja’s moods and its ledger</a>
      </p>
    </form>
  </div>
)
