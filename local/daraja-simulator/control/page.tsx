import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Page } from '../../shell/layout.tsx'
import type { Simulator } from '../simulator.ts'
import { deskActions } from './desk.ts'
import { Money, Statement, Switches } from './money-parts.tsx'
import { HeldMoods, NewMood, OwnMood } from './mood-parts.tsx'
import { SettingsForm } from './settings-form.tsx'

const UNPROCESSABLE = 422

/** `/_control` for people: put Daraja into a mood, see what holds, move money, fetch the statement. */
export const controlPage = (simulator: Simulator) => {
  const app = new Hono()
  const show = (c: Context, problem?: string) =>
    c.html(
      <Page title="Daraja’s moods" here="phones" links={simulator.links()} styles={['phone.css']}>
        <p>
          <a href="/">All phones</a>
        </p>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="desk">
          <h1>Daraja’s moods</h1>
          <NewMood />
          <HeldMoods moods={simulator.moods} />
          <Money report={simulator.ledger.report()} />
          <Switches simulator={simulator} />
          <OwnMood />
          <Statement now={simulator.clock.now()} />
          <SettingsForm settings={simulator.settings} />
        </div>
      </Page>,
      problem === undefined ? 200 : UNPROCESSABLE,
    )
  app.get('/', (c) => show(c))
  for (const [path, act] of Object.entries(deskActions(simulator)))
    app.post(path, async (c) => {
      try {
        await act(await c.req.parseBody())
        return c.redirect('/_control', 303)
      } catch (error) {
        if (!(error instanceof HTTPException)) throw error
        return show(c, error.message)
      }
    })
  return app
}
