/**
 * `npm run keys:rotate -- otieno@example.com`: wraps everybody's keys by the master key that is set now, while everybody works, and
 * says how far it is. Named is who answers for it. Ended by Ctrl-C it goes on without being watched; started again it is
 * watched again. Ends with 1 where keys are left.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import type { WorkflowHandle } from '@temporalio/client'
import { findActor, findByEmail } from '../db/accounts.ts'
import { connectDatabase, vaultOf, type Database } from '../db/connection.ts'
import { keyRotationWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { RotationProgress, RotationSummary } from '../domain/key-rotation.ts'
import { mayTurnMasterKey } from '../domain/policies.ts'
import { openVault } from '../gateways/master-keys.ts'
import { createPayloadCodec } from '../gateways/payload-codec.ts'
import { connectTemporalClient } from '../gateways/temporal.ts'
import { rotationProgress } from '../workflows/key-rotation-messages.ts'
import type { keyRotation } from '../workflows/key-rotation.ts'
import { loadConfig } from '../config.ts'

const LOOK_AGAIN_MS = 2_000
const say = (line: string) => void process.stdout.write(`${line}\n`)
const whole = (count: number) => count.toLocaleString('en')

/** Null, having said why, for who may not. */
async function whoAnswers(db: Database, email: string | undefined): Promise<string | null> {
  const found = email ? await findByEmail(db, email) : null
  const actor = found && (await findActor(db, found.userId))
  if (actor && mayTurnMasterKey(actor)) return actor.userId
  say(
    email
      ? 'Nobody by this e-mail may replace the master key: it needs the permission master_keys:execute.'
      : 'Say who answers for it: npm run keys:rotate -- otieno@example.com',
  )
  return null
}

const tellProgress = ({ round, rewrapped, toMove }: RotationProgress): string =>
  `round ${round}: ${whole(rewrapped)} of ${whole(Math.max(toMove, rewrapped))} keys are moved`

/** Until it has ended. While no worker is at work nobody can say how far it is; it waits for one. */
async function watch(handle: WorkflowHandle<typeof keyRotation>): Promise<RotationSummary> {
  const ended = handle.result()
  let told = ''
  for (;;) {
    const summary = await Promise.race([ended, rest(LOOK_AGAIN_MS, null)])
    if (summary) return summary
    const line = await handle.query(rotationProgress).then(tellProgress, () => told)
    if (line !== told) say(line)
    told = line
  }
}

function tell({ status, keyId, rewrapped, unneeded, why }: RotationSummary): void {
  say(`${whole(rewrapped)} keys of people were wrapped anew.`)
  if (status !== 'finished') return say(`It stopped. ${why ?? ''}`)
  say(`Every key is wrapped by ${keyId}.`)
  if (unneeded.length > 0)
    say(
      `No row needs ${unneeded.join(' or ')} any more. Backups from before do: docs/operations.md, "Change keys".`,
    )
}

async function rotate(db: Database, actorId: string): Promise<void> {
  const { master } = vaultOf(db)
  const codec = createPayloadCodec(config.secrets.payload)
  const client = await connectTemporalClient({ ...config.temporal, codec })
  try {
    const handle = await client.workflow.start<typeof keyRotation>('keyRotation', {
      workflowId: keyRotationWorkflowId(master.keyId),
      taskQueue: TASK_QUEUES.business,
      args: [{ rotationId: randomUUID(), ...master, actorId }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `Moving people's keys to the master key ${master.keyId}`,
      memo: { keyId: master.keyId },
    })
    say(`Moving everybody's keys to ${master.keyId}: ${handle.workflowId}`)
    const summary = await watch(handle)
    tell(summary)
    if (summary.status !== 'finished') process.exitCode = 1
  } finally {
    await client.connection.close()
  }
}

const config = loadConfig()
const books = connectDatabase({
  url: config.database.url,
  pool: 1,
  applicationName: 'gari-keys',
  vault: await openVault(config.secrets.vault),
})
try {
  const actorId = await whoAnswers(books, process.argv[2])
  if (actorId === null) process.exitCode = 1
  else await rotate(books, actorId)
} finally {
  await books.close()
}
