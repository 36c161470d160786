/** What the simulated authority shows to people: its documents, its mood, and where a document's QR code leads. */
import { Hono } from 'hono'
import { useAssets } from '../shell/assets.ts'
import { Page, type ShellLinks } from '../shell/layout.tsx'
import type { EtimsBooks, Registered } from './books.ts'
import type { EtimsDevice, EtimsMood, EtimsState } from './simulator.ts'

type Shown = {
  books: EtimsBooks
  state: EtimsState
  device: EtimsDevice
  moods: readonly EtimsMood[]
  links: () => ShellLinks
}

const MOOD_WORDS: Record<EtimsMood, string> = {
  good: 'Good: each document gets its number',
  lost: 'Loses its answers: registers, says nothing',
  down: 'Down: 500, nothing is registered',
  html: 'Maintenance page instead of an answer',
  bare_duplicate: 'Repeats are refused without the first number',
  bad_pin: 'Refuses each document (910)',
}
const SHOWN_DOCUMENTS = 100
const VIEW = '/common/link/etims/receipt/indexEtimsReceiptData'

export const etimsPages = ({ books, state, device, moods, links }: Shown) => {
  const app = new Hono()
  useAssets(app)
  app.get('/', (c) =>
    c.html(
      <Page title="eTIMS" here="etims" links={links()}>
        <h1>eTIMS</h1>
        <p class="lead">
          Every invoice and credit note that Gari registers with the revenue authority, newest
          first.
        </p>
        <Mood mood={state.mood} moods={moods} />
        <Documents device={device} rows={books.list().slice(-SHOWN_DOCUMENTS).toReversed()} />
      </Page>,
    ),
  )
  app.post('/mood', async (c) => {
    const { mood } = await c.req.parseBody()
    const known = moods.find((one) => one === mood)
    if (known) state.mood = known
    return c.redirect('/', 303)
  })
  app.get(VIEW, (c) => {
    const signature = (c.req.query('Data') ?? '').slice(device.pin.length + device.branch.length)
    const found = books.bySignature(signature)
    return c.html(
      <Page title="Document" here="etims" links={links()}>
        <h1>{found ? 'This document is registered' : 'No such document'}</h1>
        {found && <Facts of={found} />}
      </Page>,
      found ? 200 : 404,
    )
  })
  return app
}

const Mood = ({ mood, moods }: { mood: EtimsMood; moods: readonly EtimsMood[] }) => (
  <form class="card" method="post" action="/mood">
    <label for="mood">Today eTIMS is</label>
    <select id="mood" name="mood">
      {moods.map((one) => (
        <option value={one} selected={one === mood}>
          {MOOD_WORDS[one]}
        </option>
      ))}
    </select>
    <button type="submit">Set its mood</button>
  </form>
)

const Documents = ({ rows, device }: { rows: Registered[]; device: EtimsDevice }) =>
  rows.length === 0 ? (
    <p class="card empty">No document yet. Book a car and pay for it.</p>
  ) : (
    <ul class="card">
      {rows.map((row) => (
        <li>
          <a href={`${VIEW}?Data=${device.pin}${device.branch}${row.rcptSign}`}>{row.trdInvcNo}</a>,
          receipt {row.curRcptNo}, KES {money(row.totAmt)}
        </li>
      ))}
    </ul>
  )

const money = (shillings: number) =>
  shillings.toLocaleString('en-KE', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

const Facts = ({ of }: { of: Registered }) => (
  <dl class="card">
    <dt>{of.credits === null ? 'Invoice' : 'Credit note'}</dt>
    <dd>{of.trdInvcNo}</dd>
    <dt>Receipt of the control unit</dt>
    <dd>{of.curRcptNo}</dd>
    <dt>Total, of which VAT</dt>
    <dd>
      KES {money(of.totAmt)}, KES {money(of.totTaxAmt)}
    </dd>
    <dt>Signature</dt>
    <dd>{of.rcptSign}</dd>
  </dl>
)
