import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { moodSchema, type MoodKey } from '../moods.ts'
import { settingsPatchSchema, settingsSchema, type Settings } from '../settings.ts'
import type { Simulator } from '../simulator.ts'
import { checked, pathMsisdn, plain, taking, type Endpoint } from './endpoint.ts'

const SCOPES = ['/moods/global', '/moods/:scope/:value']

/** How Daraja behaves: settings hold for everybody and stay, moods are for some and wear off. */
export const moodEndpoints = (simulator: Simulator): Endpoint[] => {
  const { moods, settings, tokens } = simulator
  return [
    plain('GET', '/settings', 'All settings.', (c) => c.json(settings)),
    taking(
      ['PATCH', 'POST'],
      '/settings',
      'Changes the settings that are named.',
      settingsPatchSchema,
      (c, patch) => c.json(changeSettings(settings, patch)),
    ),
    plain('GET', '/moods', 'All moods in force, by whom they are for.', (c) => c.json(moods.all())),
    plain('DELETE', '/moods', 'Takes all moods away.', (c) => {
      moods.clear()
      return c.json(moods.all())
    }),
    ...SCOPES.flatMap((path) => [
      taking(
        ['PUT', 'POST'],
        path,
        'Puts Daraja into a mood: for everybody, phones/<number> or amounts/<shillings>.',
        moodSchema,
        (c, mood) => {
          moods.set(pathKey(c), mood)
          return c.json(moods.all())
        },
      ),
      plain('DELETE', path, 'Takes this mood away.', (c) => {
        moods.clear(pathKey(c))
        return c.json(moods.all())
      }),
    ]),
    plain('POST', '/tokens/expire', 'Ends every access token at once.', (c) => {
      tokens.revoke()
      return c.body(null, 204)
    }),
  ]
}

export const changeSettings = (settings: Settings, patch: object): Settings =>
  Object.assign(settings, checked(settingsSchema, { ...settings, ...patch }))

const pathKey = (c: Context): MoodKey => {
  const scope = c.req.param('scope')
  if (scope === undefined) return 'global'
  const value = c.req.param('value') ?? ''
  if (scope === 'phones') return `phone:${pathMsisdn(value)}`
  if (scope === 'amounts' && /^[1-9]\d{0,8}$/.test(value)) return `amount:${value}`
  throw new HTTPException(404, {
    message: 'moods/global, moods/phones/<number>, moods/amounts/<n>',
  })
}
