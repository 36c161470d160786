/**
 * Kafka is not put back, so it remembers what the books have forgotten. An event whose version is above its row's, or
 * whose row is gone, belongs to the time that is lost: nobody of ours may act by it, and what is told from now on must be
 * newer. An event that the books do know, and whose hearing they have lost, is heard again.
 */
import { z } from 'zod'
import { appendAudit } from '../../db/audit.ts'
import { readSealsAt } from '../../db/audit-chain.ts'
import { inTransaction, type Tx } from '../../db/connection.ts'
import { consumeOnce } from '../../db/notifications.ts'
import { isIssued, skipDocumentNumbers } from '../../db/document-series.ts'
import { doBooksKnow, hasHeard, raiseVersion, skipNumbers } from '../../db/told-events.ts'
import { TOPICS } from '../../domain/events.ts'
import { readDocumentNumber } from '../../domain/invoices.ts'
import { PoisonMessage, type EventLog } from '../../gateways/kafka.ts'
import { hearEvent, NOTIFIER } from '../hearing-notices.ts'
import { CONSUMER as INVOICING, hearForInvoices } from '../invoice-events.ts'
import { takeUpRefund } from './lost-refunds.ts'
import type { Restored } from './world.ts'

const OURS = [NOTIFIER, INVOICING]
/** What our readers listen to (workers/messages.ts, workers/invoicing.ts). */
const HEARD = new Set(['reservation', 'charge', 'payment', 'money', 'refund'])
/** Under this name it is noted which events of the lost time were dealt with. */
const RESTORE = 'after-restore'

const envelope = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  sequence: z.coerce.number(),
  data: z.record(z.string(), z.unknown()),
})
type Told = z.infer<typeof envelope> & { kind: string; value: string }

export async function mendEvents(world: Restored, kafka: EventLog): Promise<void> {
  await kafka.readSince({
    topics: Object.values(TOPICS),
    since: world.since,
    onMessage: async ({ value }) => {
      const told = read(value)
      if (told) await mendEvent(world, told)
    },
  })
}

/** Null for what is not ours. */
function read(value: string): Told | null {
  try {
    const event = envelope.parse(JSON.parse(value))
    const [, kind = ''] = event.type.split('.')
    return { ...event, kind, value }
  } catch {
    return null
  }
}

/** Read before anything new happens: so what the books do not know is of the lost time. */
async function mendEvent(world: Restored, told: Told): Promise<void> {
  const { db } = world
  const { id, kind, subject, sequence, data } = told
  if (await hasHeard(db, RESTORE, id)) return
  const named = { money: data['receipt'], audit: data['hash'] }[kind]
  const about = typeof named === 'string' ? named : subject
  const isKnown = await doBooksKnow(db, { kind, about, version: sequence })
  await (isKnown ? hear(world, told) : forget(world, told))
}

async function forget(world: Restored, told: Told): Promise<void> {
  const { db, findings } = world
  const { id, kind, subject, sequence, type } = told
  findings.lostEvents.push(`${type}/${subject}`)
  await inTransaction(db, async (tx) => {
    for (const consumer of [...OURS, RESTORE]) await consumeOnce(tx, consumer, id)
    await raiseVersion(tx, kind, subject, sequence)
    if (kind === 'reservation' || kind === 'charge')
      await skipNumbers(tx, kind, numberIn(told.data['number']))
    await skipDocument(tx, world, told)
    if (kind === 'refund') await takeUpRefund(tx, world, told)
    if (kind === 'audit') await noteLostHead(tx, told)
  })
}

/** The check of the audit meets it in Kafka for good, and believes only what is sealed itself. */
async function noteLostHead(tx: Tx, { data }: Told): Promise<void> {
  const [position, hash] = [Number(data['position']), String(data['hash'])]
  if ((await readSealsAt(tx, [position])).get(position) === hash) return
  await appendAudit(tx, {
    actor: RESTORE,
    action: 'audit.head_lost',
    entity: 'audit',
    entityId: hash,
    after: { position },
  })
}

/** What was issued in the lost time is with its reader, and perhaps with KRA, and our books do not have it. */
async function skipDocument(tx: Tx, { findings }: Restored, { kind, data }: Told): Promise<void> {
  const number =
    kind === 'invoice' ? data['number'] : kind === 'credit_note' ? data['credit_note'] : null
  const told = readDocumentNumber(typeof number === 'string' ? number : '')
  if (!told || (await isIssued(tx, String(number)))) return
  await skipDocumentNumbers(tx, told)
  if (!findings.lostDocuments.includes(String(number))) findings.lostDocuments.push(String(number))
}

const numberIn = (text: unknown): number =>
  Number(/\d+$/.exec(typeof text === 'string' ? text : '')?.[0] ?? 0)

/** By those of our readers who have not; what a reader passes by stays unheard, and is passed by again. */
async function hear({ db, findings }: Restored, told: Told): Promise<void> {
  const { id, kind, type, subject, value } = told
  const readers: Record<string, () => Promise<void>> = {
    [NOTIFIER]: () => hearEvent({ db }, value),
    // Stories of invoices look at the books when they run again.
    [INVOICING]: () => hearForInvoices({ db }, value, async () => undefined),
  }
  let isNew = false
  for (const [reader, listen] of Object.entries(readers)) {
    if (!HEARD.has(kind) || (await hasHeard(db, reader, id))) continue
    await listen().catch(passPoison)
    isNew ||= await hasHeard(db, reader, id)
  }
  if (isNew) findings.unheardEvents.push(`${type}/${subject}`)
}

/** Set aside when it came the first time. */
function passPoison(error: unknown): void {
  if (!(error instanceof PoisonMessage)) throw error
}
