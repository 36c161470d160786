/** What people did and Gari is to have forgotten does not count against it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { openLog, type ActionLog } from '../../faults/log.ts'

let folder: string
let log: ActionLog
beforeEach(async () => {
  jest.spyOn(Date, 'now').mockImplementation(() => clock)
  folder = await mkdtemp(join(tmpdir(), 'gari-log-'))
  log = openLog(join(folder, 'actions.jsonl'))
})
afterEach(async () => {
  jest.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

const act = (what: string, facts: Record<string, string>) =>
  log.begin('rental', what, facts).end('ok')
const left = () => log.read().map(({ what, facts }) => `${what} ${facts['id'] ?? facts['owner']}`)

let clock = 1_000
/** The clock counts milliseconds: what comes now comes after what was. */
const nextMoment = (): number => (clock += 1) - 1

test('a gap takes what was answered in it, and whatever follows from that', () => {
  act('book', { id: 'before' })
  const from = nextMoment()
  act('book', { id: 'lost' })
  act('pay', { owner: 'before' })
  log.forget(from, nextMoment())
  act('see', { id: 'lost' })
  act('book', { id: 'after' })
  expect(left()).toEqual(['book before', 'book after'])
})
