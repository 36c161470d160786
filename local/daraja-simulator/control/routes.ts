import { Hono } from 'hono'
import { z } from 'zod'
import type { Simulator } from '../simulator.ts'
import { moodSchema } from '../moods.ts'
import { settingsSchema } from '../settings.ts'
import { plain, type Endpoint } from './endpoint.ts'
import { moneyEndpoints } from './money.ts'
import { moodEndpoints } from './moods.ts'
import { noticeEndpoints } from './notices.ts'
import { phoneEndpoints } from './phones.ts'
import { PRESETS } from './presets.ts'

/** Everything a test, a demo or an operator may want of Daraja that Daraja would never offer. */
export const controlRoutes = (simulator: Simulator) => {
  const endpoints = [
    ...moneyEndpoints(simulator),
    ...moodEndpoints(simulator),
    ...noticeEndpoints(simulator),
    ...phoneEndpoints(simulator),
  ]
  const list = plain('GET', '/api', 'This list.', (c) => c.json(describe([...endpoints, list])))
  const app = new Hono()
  for (const { methods, path, answer } of [...endpoints, list]) app.on(methods, path, answer)
  return app
}

const describe = (endpoints: Endpoint[]) => ({
  endpoints: endpoints.map(({ methods, path, what, body }) => ({
    methods,
    path,
    what,
    ...(body ? { body: schemaOf(body) } : {}),
  })),
  settings: schemaOf(settingsSchema),
  mood: schemaOf(moodSchema),
  presets: PRESETS,
})

/** As it is sent: what has a default may be left out. */
const schemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
