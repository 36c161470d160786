/** A copy of all that we hold, as a story on the real database: made, cut off, stopped by an erasure, over after a week. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import type { WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { createExportActivities } from '../../activities/exports.ts'
import { inTransaction } from '../../db/connection.ts'
import { fetchExportFile } from '../../db/export-files.ts'
import { EXPORT_SECTIONS } from '../../db/export-sections.ts'
import { findExport, takeExportsToTell, type Export } from '../../db/exports.ts'
import type { ExportFormat, ExportPlace } from '../../domain/exports.ts'
import { exportWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { exportFile } from '../../domain/schemas/exports.ts'
import { DAY_MS } from '../../domain/time.ts'
import { createPapers } from '../../gateways/papers.ts'
import { tellOfExport } from '../../workers/exports.ts'
import { exportProgress } from '../../workflows/data-export-messages.ts'
import type { dataExport } from '../../workflows/data-export.ts'
import { retryStep } from '../../workflows/parking.ts'
import { buildCustomer, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { askForCopy, CONTROLLER } from '../support/exporting.ts'
import { ask, buildKnown, look, type Known } from '../support/forgetting.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let db: TestDatabase
let known: Known
let world: WorkflowEnvironment
let days = 0
beforeAll(async () => {
  db = await createTestDatabase()
  known = await buildKnown(db)
})
afterAll(() => db.drop())
beforeEach(async () => {
  world = await startWorkflowEnvironment()
})
afterEach(() => world.stop())

const activities = (over: object = {}) => ({
  ...createExportActivities({
    db,
    now: () => new Date(),
    papers: createPapers(),
    controller: CONTROLLER,
    batchRows: 2,
  }),
  ...over,
})

/** Each on another day, as there are three within one. */
const wish = (): Promise<Export> =>
  askForCopy(db, known.userId, new Date(Date.now() + (days += 1) * DAY_MS))

const begin = ({ id }: Export): Promise<WorkflowHandle<typeof dataExport>> =>
  world.env.client.workflow.start<typeof dataExport>('dataExport', {
    workflowId: exportWorkflowId(id),
    taskQueue: TASK_QUEUES.business,
    args: [{ exportId: id }],
  })

const whenReady = async (handle: WorkflowHandle<typeof dataExport>) => {
  for (;;) {
    const progress = await handle.query(exportProgress)
    if (progress.status === 'ready') return progress
  }
}
const stands = async ({ id }: Export) => (await findExport(db, id)) as Export
const fetched = async (one: Export, format: ExportFormat) => {
  const row = await stands(one)
  return inTransaction(db, (tx) => fetchExportFile(tx, row, format, new Date()))
}

describe('a copy of what we hold', () => {
  it('is gathered in batches, lies ready as JSON and PDF, and goes after a week', async () => {
    const one = await wish()
    await world.during(activities(), async () => {
      const handle = await begin(one)
      const progress = await whenReady(handle)
      const sections = EXPORT_SECTIONS.length
      expect(progress).toEqual({ status: 'ready', done: sections, sections })
      expect(await stands(one)).toMatchObject({ status: 'ready', sectionsDone: sections })
      const file: unknown = JSON.parse(String(await fetched(one, 'json')))
      expect(exportFile(EXPORT_SECTIONS).parse(file)).toEqual(file)
      const pdf = (await fetched(one, 'pdf'))?.toString('latin1') ?? ''
      expect(pdf.slice(0, 5)).toBe('%PDF-')
      expect(pdf.trimEnd().endsWith('%%EOF')).toBe(true)
      expect(await count(db, 'export_pieces WHERE export_id = $1', [one.id])).toBe(0)
      expect(await handle.result()).toEqual({ status: 'expired' })
      expect(await fetched(one, 'json')).toBeNull()
      expect(await stands(one)).toMatchObject({ status: 'expired' })
    })
  })

  it('holds all the same where a worker was killed after a batch was kept, and before it said so', async () => {
    const one = await wish()
    const real = activities()
    const killed = new Set<string>()
    const gatherSome = async (id: string, place: ExportPlace | null) => {
      const step = await real.gatherSome(id, place)
      const name = JSON.stringify(place)
      if (killed.has(name)) return step
      killed.add(name)
      throw new Error('killed')
    }
    const writeExport = async (id: string) => {
      const status = await real.writeExport(id)
      if (killed.has('files')) return status
      killed.add('files')
      throw new Error('killed')
    }
    await world.during(activities({ gatherSome, writeExport }), async () => {
      const handle = await begin(one)
      await whenReady(handle)
      const file = JSON.parse(String(await fetched(one, 'json'))) as {
        sections: { name: string; records: object[] }[]
      }
      const sizes = Object.fromEntries(
        file.sections.map(({ name, records }) => [name, records.length]),
      )
      expect(sizes).toMatchObject({ account: 1, addresses: 1, bookings: 1, booking_shares: 3 })
      expect(
        await count(db, "audit_entries WHERE after ->> 'export' = $1 AND action = 'export.ready'", [
          one.id,
        ]),
      ).toBe(1)
      await handle.result()
    })
  })

  it('parks where it cannot go on, and goes on from there', async () => {
    const one = await wish()
    let tries = 0
    const writeExport = async (id: string) => {
      if ((tries += 1) === 1) throw ApplicationFailure.nonRetryable('broken')
      return activities().writeExport(id)
    }
    await world.during(activities({ writeExport }), async () => {
      const handle = await begin(one)
      await whenParked(() => handle.executeUpdate(retryStep))
      expect(await handle.result()).toEqual({ status: 'expired' })
    })
  })

  it('stops where its person is forgotten meanwhile, and leaves nothing', async () => {
    const userId = await buildCustomer(db)
    const one = await askForCopy(db, userId)
    const real = activities()
    const gatherSome = async (id: string, place: ExportPlace | null) => {
      const step = await real.gatherSome(id, place)
      if (step.place?.section === 'bookings' && place?.section !== 'bookings')
        await look(db, (await ask(db, userId)).id)
      return step
    }
    await world.during(activities({ gatherSome }), async () => {
      const handle = await begin(one)
      expect(await handle.result()).toEqual({ status: 'stopped' })
    })
    for (const table of ['export_pieces', 'export_files'])
      expect(await count(db, `${table} WHERE export_id = $1`, [one.id])).toBe(0)
  })

  it('leaves nothing of what it gathers in its history', async () => {
    const one = await wish()
    await world.during(activities(), async () => {
      const handle = await begin(one)
      await handle.result()
      // What a payload holds stands there in base64.
      const history = JSON.stringify(await handle.fetchHistory(), (name, value: unknown) =>
        name === 'data' && typeof value === 'string'
          ? Buffer.from(value, 'base64').toString()
          : value,
      )
      expect(history).toContain(one.id)
      expect(history).not.toMatch(/Zawadi|Mwakitele|733912345|zawadi@|Nyali|goats/i)
    })
  })
})

describe('the letter', () => {
  it('goes once to the mail of its owner, and says nothing of what is in the copy', async () => {
    const one = await wish()
    const run = new MockActivityEnvironment()
    const real = activities({})
    let place: ExportPlace | null = null
    do place = (await real.gatherSome(one.id, place)).place
    while (place)
    await run.run(() => real.writeExport(one.id))
    const sent: { to: string; text: string }[] = []
    const outside = {
      db,
      mail: { send: async (mail: { to: string; text: string }) => void sent.push(mail) },
      sms: { send: () => Promise.reject(new Error('no SMS was expected')) },
      publicUrl: 'http://gari.test',
    }
    for (const due of await takeExportsToTell(db, 10)) await tellOfExport(outside, due)
    expect(await takeExportsToTell(db, 10)).toEqual([])
    const mine = sent.filter(({ to }) => to === 'zawadi@example.com')
    expect(mine).toHaveLength(1)
    expect(mine[0]?.text).toContain('http://gari.test/account/data')
    expect(JSON.stringify(mine)).not.toMatch(/Mwakitele|733912345/)
  })
})
