import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { Page } from '../../shell/layout.tsx'
import { readMsisdn } from '../handsets.ts'
import type { MoodKey, Moods } from '../moods.ts'
import { PRESETS } from './presets.ts'
import type { Simulator } from '../simulator.ts'
import { kes } from '../texts.ts'

/** `/_control` for people: put Daraja into a mood, see which moods hold, take them away. */
export const controlPage = (simulator: Simulator) => {
  const { moods } = simulator
  const app = new Hono()
  app.get('/', (c) => {
    const { balances, transactions } = simulator.ledger.report()
    return c.html(
      <Page title="Daraja’s moods" here="phones" links={simulator.links()} styles={['phone.css']}>
        <p>
          <a href="/">All phones</a>
        </p>
        <div class="desk">
          <h1>Daraja’s moods</h1>
          <NewMood />
          <HeldMoods moods={moods} />
          <section class="card">
            <h2>Money</h2>
            <p>
              Gari’s paybill holds <strong>{kes(balances.merchant)}</strong> from{' '}
              {transactions.filter(({ status }) => status === 'paid').length} payments.
            </p>
            <p class="hint">
              <a href="/_control/ledger">The whole ledger as JSON</a> ·{' '}
              <a href="/_control/settings">Settings as JSON</a>
            </p>
          </section>
        </div>
      </Page>,
    )
  })
  app.post('/presets', async (c) => {
    const form = newMoodSchema.safeParse(await c.req.parseBody())
    const chosen = form.success ? PRESETS[form.data.preset] : undefined
    if (!form.success || !chosen) throw new HTTPException(422, { message: 'no such mood' })
    const { scope, value, once } = form.data
    moods.set(readKey(scope, value), {
      ...chosen.mood,
      ...(once === 'yes' ? { times: 1 } : {}),
    })
    return c.redirect('/_control', 303)
  })
  app.post('/presets/clear', async (c) => {
    const { key } = await c.req.parseBody()
    if (typeof key === 'string') moods.clear(key as MoodKey)
    return c.redirect('/_control', 303)
  })
  return app
}

const newMoodSchema = z.object({
  preset: z.string(),
  scope: z.enum(['global', 'phone', 'amount']),
  value: z.string().default(''),
  once: z.enum(['yes', 'no']),
})

const readKey = (scope: string, value: string): MoodKey => {
  if (scope === 'global') return 'global'
  const msisdn = readMsisdn(value)
  if (scope === 'phone' && msisdn) return `phone:${msisdn}`
  if (scope === 'amount' && /^[1-9]\d{0,5}$/.test(value)) return `amount:${value}`
  throw new HTTPException(422, {
    message: 'For one phone give a Kenyan mobile number, for one amount whole shillings.',
  })
}

const NewMood = () => (
  <form class="card new" method="post" action="/_control/presets">
    <label>
      What goes wrong
      <select name="preset">
        {Object.entries(PRESETS).map(([name, { label }]) => (
          <option value={name}>{label}</option>
        ))}
      </select>
    </label>
    <label>
      For whom
      <select name="scope">
        <option value="global">Everybody</option>
        <option value="phone">One phone</option>
        <option value="amount">One amount</option>
      </select>
    </label>
    <label>
      Number or amount
      <input name="value" autocomplete="off" placeholder="0712 345 678 or 4500" />
    </label>
    <label>
      How often
      <select name="once">
        <option value="yes">Once</option>
        <option value="no">Until taken away</option>
      </select>
    </label>
    <button type="submit">Set this mood</button>
  </form>
)

const HeldMoods = ({ moods }: { moods: Moods }) => {
  const held = Object.entries(moods.all())
  return (
    <section class="card">
      <h2>In force</h2>
      {held.length === 0 && (
        <p class="lead">Daraja is well. Every push is answered as it should be.</p>
      )}
      <ul>
        {held.map(([key, mood]) => (
          <li>
            <span>
              <strong>{key}</strong> <code>{JSON.stringify(mood)}</code>
            </span>
            <form method="post" action="/_control/presets/clear">
              <button class="plain small" name="key" value={key}>
                Take away
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}
