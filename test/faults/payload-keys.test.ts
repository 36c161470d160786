/** A house that replaces its key twice still reads all it ever wrote, and it is seen which key was used. */
import { expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { createPayloadKeys, keyIdsIn } from '../../faults/payload-keys.ts'
import { parseSettings } from '../../config-settings.ts'

const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"Otieno"') }
const keysOfHouse = () => createPayloadKeys(randomBytes(32).toString('base64'))

test('each replacement has an id of its own, and what each of them wrote stays readable', async () => {
  const keys = keysOfHouse()
  const written = [await keys.codec().encode([payload])]
  const ids = ['local']
  for (let times = 0; times < 2; times += 1) {
    ids.push(keys.add())
    keys.useNewest()
    written.push(await keys.codec().encode([payload]))
  }
  expect(new Set(ids).size).toBe(3)
  expect(written.map((one) => [...keyIdsIn(one)])).toEqual(ids.map((id) => [id]))
  for (const one of written)
    expect(Buffer.from((await keys.codec().decode(one))[0]?.data ?? [])).toEqual(payload.data)
})

test('a new key is read by everybody before anybody writes with it', () => {
  const keys = keysOfHouse()
  expect(parseSettings(keys.settings())).toMatchObject({
    problems: [],
    settings: { PAYLOAD_OLD_KEYS: [] },
  })
  const fresh = keys.add()
  const { settings, problems } = parseSettings(keys.settings())
  expect(problems).toEqual([])
  expect(settings?.PAYLOAD_KEY_ID).toBe('local')
  expect(settings?.PAYLOAD_OLD_KEYS.map(({ keyId }) => keyId)).toEqual([fresh])
  keys.useNewest()
  const then = parseSettings(keys.settings()).settings
  expect(then?.PAYLOAD_KEY_ID).toBe(fresh)
  expect(then?.PAYLOAD_OLD_KEYS.map(({ keyId }) => keyId)).toEqual(['local'])
})

test('keys are found wherever they stand in a history, and nothing where nothing is encrypted', async () => {
  const [encrypted] = await keysOfHouse().codec().encode([payload])
  const event = (one: unknown) => ({
    events: [{ input: { payloads: [one] }, searches: [payload] }],
  })
  expect([...keyIdsIn(event(encrypted))]).toEqual(['local'])
  expect(keyIdsIn(event(payload)).size).toBe(0)
  expect(keyIdsIn(null).size).toBe(0)
})
