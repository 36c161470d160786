/** The checker finds phones and secrets wherever they could stand, and nothing where there are none. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import { findBlind } from '../../faults/checker/blind.ts'
import { findBroken } from '../../faults/checker/index.ts'
import { createSearch, secretRules } from '../../faults/checker/secrets.ts'
import type { Sql, Story } from '../../faults/checker/world.ts'
import { readLogs, tellTales } from '../../faults/checker/writings.ts'
import { worldOf } from '../support/inspected.ts'

const SECRET = 'q8Zk+3/secret-of-the-house'
const search = createSearch([SECRET, 'short'])
const noSql = (async () => []) as unknown as Sql

describe('a search for what must not stand there', () => {
  it.each([
    '"phone":"+254733900012"',
    '254733900012',
    'msisdn=%2B254733900012&x',
    '00254733900012',
    'tel 0733900012.',
    '0733 900 012',
    '+254 733-900-012',
    '{"phone":"733900012"}',
    'ws_CO_22112026174530123733900012',
    '{"PhoneNumber":254733900012}',
    'own phone 0722000111',
    '"pin":"1234"',
    String.raw`{\"pin\": \"1234\"}`,
    'Authorization: Bearer abcdefghijklmnop.qrst',
    `callback ${SECRET}`,
    `Basic ${Buffer.from(`key:${SECRET}`).toString('base64')}`,
    Buffer.from(`17:${SECRET}20261122`).toString('base64'),
    Buffer.from(`174379${SECRET}20261122`).toString('base64'),
  ])('sees %s', (text) => {
    expect(search(text)).toHaveLength(1)
  })

  it.each([
    '254733***012',
    '"complete_time":{"seconds":1795368476,"nanos":733981848}',
    '1795733900012',
    '2547339000123',
    'bf0733900012ab',
    '"KRA PIN A123456789Z"',
    '"pin":"[hidden]"',
    'ws_CO_22112026174530123*********',
    'FT733900012',
    'short',
  ])('passes %s by', (text) => {
    expect(search(text)).toEqual([])
  })

  it('says each thing once, with what stands before it, and reads what is no text', () => {
    const bytes = Buffer.from([0, 255, 10, ...Buffer.from('party +254733900012'), 200])
    const text = `${bytes.toString('latin1')} and again +254733900012`
    expect(search(text)).toEqual(['party +254733900012'].map((one) => expect.stringContaining(one)))
  })
})

const { History } = proto.temporal.api.history.v1
const STORY: Story = { id: 'payment:1', type: 'payment', status: 'RUNNING', runId: 'run' }
const toldOf = (data: string) => {
  const input = { payloads: [{ metadata: {}, data: Buffer.from(data) }] }
  return History.fromObject({ events: [{ workflowExecutionStartedEventAttributes: { input } }] })
}
const clientOf = (data: string): { temporal: Client; asked: () => number } => {
  let times = 0
  const fetchHistory = async () => {
    times += 1
    return toldOf(data)
  }
  const temporal = { workflow: { getHandle: () => ({ fetchHistory }) } } as unknown as Client
  return { temporal, asked: () => times }
}

describe('what is looked through', () => {
  it('is a story as Temporal keeps it, fetched once whoever asks', async () => {
    const { temporal, asked } = clientOf('{"phone":"+254733900012"}')
    const tell = tellTales(temporal, search)
    expect(search((await tell(STORY)).suspect)).toHaveLength(1)
    expect((await tell(STORY)).troubles).toEqual([])
    expect(asked()).toBe(1)
    const clean = await tellTales(clientOf('xyz').temporal, search)(STORY)
    expect(clean).toEqual({ troubles: [], suspect: '' })
  })

  it('is each log of the folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gari-logs-'))
    try {
      await writeFile(join(folder, 'api.log'), '{"phone":"+254733900012"}\n')
      await writeFile(join(folder, 'other.txt'), '+254733900012')
      const world = worldOf(noSql, { search, readLogs: () => readLogs(folder) })
      expect(await findBroken(world, secretRules)).toEqual([
        expect.objectContaining({ what: [expect.stringContaining('api.log: ')] }),
      ])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('has rules that see what breaks them, and what was put there by others is not ours', async () => {
    const event = { topic: 't', partition: 0, offset: 0, key: 'k', version: 1, type: 'gari.x.v1' }
    const strange = { ...event, eventId: null, suspect: '+254733900012' }
    const world = worldOf(noSql, {
      search,
      stories: new Map([[STORY.id, STORY]]),
      events: [{ ...event, eventId: 'e', suspect: '' }, strange],
    })
    expect(await findBroken(world, secretRules)).toEqual([])
    const look = async () => world
    const pretend = <T>(work: (sql: Sql) => Promise<T>) => work(noSql)
    expect(await findBlind({ look, pretend }, secretRules)).toEqual([])
  })
})
