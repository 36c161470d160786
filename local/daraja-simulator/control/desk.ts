import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { readMsisdn } from '../handsets.ts'
import { moodSchema, type MoodKey } from '../moods.ts'
import type { Simulator } from '../simulator.ts'
import { checked } from './endpoint.ts'
import { forgetRegistrations, transferMoney, transferSchema } from './money.ts'
import { changeSettings } from './moods.ts'
import { closeDoor } from './notices.ts'
import { PRESETS } from './presets.ts'
import { readSettingsForm } from './settings-form.tsx'

type Form = Record<string, unknown>
type Action = (form: Form) => unknown

const OUTAGE_MS = 30_000

const scopeFields = {
  scope: z.enum(['global', 'phone', 'amount']),
  value: z.string().default(''),
}
const presetSchema = z.object({
  ...scopeFields,
  preset: z.string(),
  once: z.enum(['yes', 'no']),
})
const ownSchema = z.object({ ...scopeFields, mood: z.string() })
const moveSchema = z.object({
  way: z.string(),
  amount: z.string().regex(/^[1-9]\d{0,8}$/, 'whole shillings'),
})

/** What the forms of the control page do, by the path they are sent to. */
export const deskActions = (simulator: Simulator): Record<string, Action> => ({
  '/presets': (form) => {
    const { preset, once, ...scope } = checked(presetSchema, form)
    const chosen = PRESETS[preset]
    if (!chosen) throw new HTTPException(422, { message: 'no such mood' })
    const times = once === 'yes' ? { times: 1 } : {}
    simulator.moods.set(readKey(scope), { ...chosen.mood, ...times })
  },
  '/own-mood': (form) => {
    const { mood, ...scope } = checked(ownSchema, form)
    simulator.moods.set(readKey(scope), checked(moodSchema, readJson(mood)))
  },
  '/presets/clear': ({ key }) => {
    if (typeof key === 'string') simulator.moods.clear(key as MoodKey)
  },
  '/all-settings': (form) => changeSettings(simulator.settings, readSettingsForm(form)),
  '/move': (form) => {
    const { way, amount } = checked(moveSchema, form)
    const [from, to] = way.split(' ')
    transferMoney(simulator, checked(transferSchema, { from, to, amount: Number(amount) }))
  },
  '/switch': (form) => flip(simulator, form['do']),
})

const flip = (simulator: Simulator, name: unknown): unknown => {
  switch (name) {
    case 'expire':
      return simulator.tokens.revoke()
    case 'release':
      return simulator.posts.release('oldest-first')
    case 'release-newest':
      return simulator.posts.release('newest-first')
    case 'unlock':
      return simulator.operator.unlock()
    case 'forget':
      return forgetRegistrations(simulator)
    case 'close':
      return closeDoor(simulator, OUTAGE_MS)
    default:
      throw new HTTPException(422, { message: 'no such switch' })
  }
}

const readKey = ({ scope, value }: { scope: string; value: string }): MoodKey => {
  if (scope === 'global') return 'global'
  const msisdn = readMsisdn(value)
  if (scope === 'phone' && msisdn) return `phone:${msisdn}`
  if (scope === 'amount' && /^[1-9]\d{0,8}$/.test(value)) return `amount:${value}`
  throw new HTTPException(422, {
    message: 'For one phone give a Kenyan mobile number, for one amount whole shillings.',
  })
}

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HTTPException(422, { message: 'The mood is no JSON.', cause })
  }
}
