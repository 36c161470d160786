/** An invoice over weeks: registered once, sent, reminded, overdue, a case, paid. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'
import type { createInvoiceActivities, InvoiceStanding } from '../../activities/invoices.ts'
import { creditNoteWorkflowId, invoiceWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { dueAfter, type ControlUnit } from '../../domain/invoices.ts'
import { DAY_MS } from '../../domain/time.ts'
import type { EtimsAnswer } from '../../gateways/etims.ts'
import type { creditNote } from '../../workflows/credit-note.ts'
import { invoiceMoved, type invoice } from '../../workflows/invoice.ts'
import { resolveManually } from '../../workflows/parking.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const UNIT: ControlUnit = {
  serial: 'KRACU0100000001',
  invoiceNumber: 'KRACU0100000001/1',
  signature: 'SIGN',
  internalData: 'DATA',
  url: 'https://etims.example/1',
  at: '20261121120000',
}

let world: WorkflowEnvironment
let calls: string[]
let standing: InvoiceStanding
let answers: EtimsAnswer[]

type Activities = ReturnType<typeof createInvoiceActivities>
const note =
  <A extends unknown[], R>(name: string, work: (...args: A) => R) =>
  async (...args: A): Promise<Awaited<R>> => {
    calls.push([name, ...args.slice(1).filter((one) => typeof one === 'string')].join(' '))
    return await work(...args)
  }

const activities: Activities = {
  issueInvoice: note('issue', () => standing),
  recountInvoice: note('recount', async () => {
    const now = await world.env.currentTimeMs()
    const late = now >= Date.parse(standing.dueAt ?? '')
    if (late && standing.status === 'sent') standing = { ...standing, status: 'overdue' }
    return standing
  }),
  recordRegistered: note('registered', () => undefined),
  recordUnregistered: note('unregistered', () => undefined),
  mailInvoice: note('mail', () => {
    if (standing.status === 'issued') standing = { ...standing, status: 'sent' }
  }),
  mailCreditNote: note('mailCreditNote', () => undefined),
  remindOfInvoice: note('remind', () => true),
  openInvoiceCase: note('case', () => undefined),
  registerDocument: note(
    'register',
    () => (answers.length > 1 ? answers.shift() : answers[0]) ?? null,
  ),
}

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const now = new Date(await world.env.currentTimeMs())
  calls = []
  answers = [{ outcome: 'registered', unit: UNIT }]
  standing = {
    status: 'issued',
    number: 'INV-26-000001',
    ownerNumber: 'RSV-26-000001',
    issuedAt: now.toISOString(),
    dueAt: dueAfter(now, 14).toISOString(),
    etimsStatus: 'pending',
  }
})
afterEach(() => world.stop())

const begin = (): Promise<WorkflowHandle<typeof invoice>> => {
  const invoiceId = randomUUID()
  return world.env.client.workflow.start<typeof invoice>('invoice', {
    workflowId: invoiceWorkflowId(invoiceId),
    taskQueue: TASK_QUEUES.business,
    args: [{ invoiceId }],
  })
}
const pay = async (handle: WorkflowHandle<typeof invoice>) => {
  standing = { ...standing, status: 'paid' }
  await handle.signal(invoiceMoved)
}
const of = (word: string) => calls.filter((call) => call.startsWith(word))

describe('an invoice', () => {
  it('is issued, registered, sent, and done when it is paid', () =>
    world.during(activities, async () => {
      const handle = await begin()
      await pay(handle)
      expect(await handle.result()).toEqual({ outcome: 'paid' })
      expect(calls.filter((call) => !call.startsWith('recount'))).toEqual([
        'issue',
        expect.stringMatching(/^register /),
        expect.stringMatching(/^registered /),
        'mail',
      ])
    }))

  it('is reminded of in its order over five weeks, overdue, then a case for finance', () =>
    world.during(activities, async () => {
      const handle = await begin()
      await world.env.sleep(40 * DAY_MS)
      expect(of('remind')).toEqual([
        'remind before_due',
        'remind due',
        'remind overdue_7',
        'remind overdue_14',
      ])
      expect(standing.status).toBe('overdue')
      expect(of('case')).toHaveLength(1)
      await pay(handle)
      expect(await handle.result()).toEqual({ outcome: 'paid' })
    }))

  it('that is paid in time is reminded of no more', () =>
    world.during(activities, async () => {
      const handle = await begin()
      await world.env.sleep(12 * DAY_MS)
      await pay(handle)
      await handle.result()
      await world.env.sleep(30 * DAY_MS)
      expect(of('remind')).toEqual(['remind before_due'])
    }))

  it('notices money also when the signal was lost, at the next timer', () =>
    world.during(activities, async () => {
      const handle = await begin()
      await world.env.sleep('1 minute')
      standing = { ...standing, status: 'paid' }
      expect(await handle.result()).toEqual({ outcome: 'paid' })
    }))

  it('credited in full ends cancelled', () =>
    world.during(activities, async () => {
      const handle = await begin()
      await world.env.sleep('1 minute')
      standing = { ...standing, status: 'cancelled' }
      await handle.signal(invoiceMoved)
      expect(await handle.result()).toEqual({ outcome: 'cancelled' })
    }))

  it('that was thrown away before its number ends without a word', () =>
    world.during(activities, async () => {
      standing = { ...standing, status: 'cancelled', number: null, issuedAt: null, dueAt: null }
      expect(await (await begin()).result()).toEqual({ outcome: 'cancelled' })
      expect(calls).toEqual(['issue'])
    }))
})

describe('eTIMS', () => {
  it('is asked again while nobody knows, and its number recorded once', () =>
    world.during(activities, async () => {
      const lost = { outcome: 'unknown', why: 'no answer' } as const
      answers = [lost, lost, lost, { outcome: 'registered', unit: UNIT }]
      const handle = await begin()
      await world.env.sleep('1 hour')
      expect(of('register ')).toHaveLength(4)
      expect(of('registered')).toHaveLength(1)
      await pay(handle)
      await handle.result()
    }))

  it.each([
    ['that refuses', { outcome: 'refused', code: '910' }],
    ['that knows it and does not say the number', { outcome: 'duplicate' }],
  ] as const)('%s has a person look, and the invoice goes out after that', (_, answer) =>
    world.during(activities, async () => {
      answers = [answer]
      const handle = await begin()
      const args = [{ reason: 'read on the portal', actorId: 'ops' }] as const
      await whenParked(() => handle.executeUpdate(resolveManually, { args: [...args] }))
      await pay(handle)
      await handle.result()
      expect(of('unregistered')).toHaveLength(1)
      expect(of('mail')).toHaveLength(1)
    }),
  )

  it('that is off is passed by', () =>
    world.during(activities, async () => {
      answers = []
      const handle = await begin()
      await pay(handle)
      await handle.result()
      expect(of('registered')).toEqual([])
      expect(of('mail')).toHaveLength(1)
    }))
})

it('a credit note is registered and sent', () =>
  world.during(activities, async () => {
    const creditNoteId = randomUUID()
    await world.env.client.workflow.execute<typeof creditNote>('creditNote', {
      workflowId: creditNoteWorkflowId(creditNoteId),
      taskQueue: TASK_QUEUES.business,
      args: [{ creditNoteId }],
    })
    expect(of('registered')).toHaveLength(1)
    expect(of('mailCreditNote')).toHaveLength(1)
  }))
