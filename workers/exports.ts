/** Starts the story of whoever wants all that we hold about them, and tells them that it is ready. */
import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { composeExportLetter } from '../activities/export-letters.ts'
import type { Database } from '../db/connection.ts'
import {
  listExportsToStart,
  markExportStarted,
  markExportTold,
  takeExportsToTell,
  type ExportToTell,
} from '../db/exports.ts'
import { exportWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { Mail } from '../gateways/mail.ts'
import type { Sms } from '../gateways/sms.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const REST_MS = 1_000
const LONGEST_REST_MS = 30_000
const BATCH = 20

/** One that was started before counts as started. */
async function startOne(client: Client, id: string): Promise<void> {
  try {
    await client.workflow.start('dataExport', {
      workflowId: exportWorkflowId(id),
      args: [{ exportId: id }],
      taskQueue: TASK_QUEUES.business,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: 'Somebody wants all that we hold about them',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

export const startExports = (world: World, client: Client): Running =>
  startLoop(world, {
    name: 'exports',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const waiting = await listExportsToStart(world.db, BATCH)
      for (const { id } of waiting) {
        await startOne(client, id)
        await markExportStarted(world.db, id)
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

export async function tellOfExport(outside: Outside, one: ExportToTell): Promise<void> {
  const post = await composeExportLetter(outside.db, one, outside.publicUrl)
  if (post && 'mail' in post) await outside.mail.send(post.mail)
  if (post && 'sms' in post) await outside.sms.send(post.sms)
  await markExportTold(outside.db, one.id)
}

export const startExportLetters = (world: World, outside: Outside): Running =>
  startLoop(world, {
    name: 'export-letters',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const due = await takeExportsToTell(outside.db, BATCH)
      for (const one of due) {
        try {
          await tellOfExport(outside, one)
        } catch (error) {
          world.log.warn(
            { id: one.id, error: String(error) },
            'it is told later that a copy is ready',
          )
        }
      }
      return due.length === BATCH
    },
  })
