/** Starts the story of whoever wants to be forgotten, and sends the letters about it. */
import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { composeErasureLetter, type ErasurePost } from '../activities/erasure-letters.ts'
import type { Database } from '../db/connection.ts'
import {
  giveUpLetters,
  markLetterSent,
  takeLetters,
  type WaitingLetter,
} from '../db/erasure-letters.ts'
import { listErasuresToStart, markErasureStarted } from '../db/erasures.ts'
import { erasureWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import { DAY_MS } from '../domain/time.ts'
import type { Mail } from '../gateways/mail.ts'
import type { Sms } from '../gateways/sms.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const REST_MS = 2_000
const LONGEST_REST_MS = 30_000
const BATCH = 20
/** A letter that nobody takes for so long is not written any more, and its address goes. */
const GIVEN_UP_MS = 3 * DAY_MS

/** One that was started before counts as started. */
async function startOne(client: Client, id: string): Promise<void> {
  try {
    await client.workflow.start('erasure', {
      workflowId: erasureWorkflowId(id),
      args: [{ erasureId: id }],
      taskQueue: TASK_QUEUES.business,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: 'Somebody wants to be forgotten',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

export const startErasures = (world: World, client: Client): Running =>
  startLoop(world, {
    name: 'erasures',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const waiting = await listErasuresToStart(world.db, BATCH)
      for (const { id } of waiting) {
        await startOne(client, id)
        await markErasureStarted(world.db, id)
      }
      return waiting.length === BATCH
    },
  })

type Outside = {
  db: Database
  mail: Pick<Mail, 'send'>
  sms: Pick<Sms, 'send'>
  publicUrl: string
}

async function post({ mail, sms }: Outside, letter: ErasurePost): Promise<void> {
  if ('mail' in letter) await mail.send(letter.mail)
  else await sms.send(letter.sms)
}

export async function sendErasureLetter(outside: Outside, waiting: WaitingLetter): Promise<void> {
  await post(outside, await composeErasureLetter(waiting, outside.publicUrl))
  await markLetterSent(outside.db, waiting.id)
}

export const startErasureLetters = (world: World, outside: Outside): Running =>
  startLoop(world, {
    name: 'erasure-letters',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const due = await takeLetters(outside.db, BATCH)
      for (const one of due) {
        try {
          await sendErasureLetter(outside, one)
        } catch (error) {
          world.log.warn({ id: one.id, error: String(error) }, 'a letter is sent later')
        }
      }
      await giveUpLetters(outside.db, GIVEN_UP_MS)
      return due.length === BATCH
    },
  })
