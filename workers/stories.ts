/** Temporal workers: one for bookings, one for payments, so that a slow provider never delays a hold. */
import { fileURLToPath } from 'node:url'
import { existsSync, readFileSync } from 'node:fs'
import { type NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import { createErasureActivities } from '../activities/erasures.ts'
import { createExportActivities } from '../activities/exports.ts'
import { createInvoiceActivities } from '../activities/invoices.ts'
import { createKeyRotationActivities } from '../activities/key-rotation.ts'
import { TASK_QUEUES } from '../domain/ids.ts'
import type { Config } from '../config.ts'
import { createDaraja, type DarajaOptions } from '../gateways/daraja.ts'
import { createSecurityCredential } from '../gateways/daraja/credential.ts'
import { createEtims } from '../gateways/etims.ts'
import { createPapers } from '../gateways/papers.ts'
import { createPayloadCodec } from '../gateways/payload-codec.ts'
import { createCallbackUrl, createSecretPaths } from '../gateways/secret-paths.ts'
import { dataConverter } from '../gateways/temporal.ts'
import { connectTemporalNative } from '../gateways/temporal-workers.ts'
import { bundleStories } from '../gateways/workflow-bundle.ts'
import { createLastingFailures } from './lasting-failures.ts'
import { createStepOrigins } from './step-origins.ts'
import type { Running, World } from './world.ts'

/** A ready-made credential, or one made from the operator's password and Safaricom's certificate. */
export function darajaOptions({ initiator, ...options }: Config['daraja']): DarajaOptions {
  if (!initiator) return options
  const { name, securityCredential, password, certificateFile } = initiator
  const made =
    password && certificateFile
      ? createSecurityCredential(password, readFileSync(certificateFile, 'utf8'))
      : undefined
  return { ...options, initiator: name, securityCredential: securityCredential ?? made }
}

/** As operators name it to Temporal (docs/operations.md, releases). */
const DEPLOYMENT = 'gari'
const SHUTDOWN_GRACE = '45 seconds'
/**
 * A step waits so long for the process that knows its story, then anybody has it. Ten seconds, as Temporal has it, are longer than
 * people wait for an answer (api/workflow-messages.ts): whoever asked while that process was replaced or killed would ask in vain.
 */
const KNOWN_FIRST = '3 seconds'
const WORKFLOWS = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))
const BUNDLE = fileURLToPath(new URL('../dist/workflow-bundle.js', import.meta.url))
const PREBUILT = '--prebuilt='

/** Built beforehand for production (`--prebuilt`, or `--prebuilt=path`); bundled at start otherwise, once for all queues. */
const bundle = async (): Promise<NonNullable<WorkerOptions['workflowBundle']>> => {
  const given = process.argv.find((one) => one.startsWith(PREBUILT))
  if (given) return { codePath: given.slice(PREBUILT.length) }
  if (process.argv.includes('--prebuilt') && existsSync(BUNDLE)) return { codePath: BUNDLE }
  const { logger } = Runtime.instance()
  return bundleStories({ workflowsPath: WORKFLOWS, logger })
}

/**
 * Stories move to the release that is current with their next step; the few that say so (`PINNED`) end on the one they began
 * with. A held patch is not used, so that a story can still go back to the release before.
 */
function releaseOptions({ buildId, heldPatches }: Config['workers']): Partial<WorkerOptions> {
  const held = new Set(heldPatches)
  const patchActivationCallback = ({ patchId }: { patchId: string }) => !held.has(patchId)
  return {
    ...(held.size > 0 ? { patchActivationCallback } : {}),
    ...(buildId
      ? {
          workerDeploymentOptions: {
            useWorkerVersioning: true,
            version: { deploymentName: DEPLOYMENT, buildId },
            defaultVersioningBehavior: 'AUTO_UPGRADE',
          },
        }
      : {}),
  }
}

export async function startStories(world: World, queues: (keyof typeof TASK_QUEUES)[]) {
  const { config, db } = world
  const codec = createPayloadCodec(config.secrets.payload)
  const connection = await connectTemporalNative(config.temporal)
  const activities = createActivities({
    db,
    daraja: createDaraja(darajaOptions(config.daraja)),
    now: () => new Date(),
    policy: config.policy,
    refundApprovalAbove: config.refundApprovalAbove,
    creditAlone: config.creditAlone,
    callbackUrl: createCallbackUrl(
      config.http.publicUrl,
      createSecretPaths(config.secrets.callbackSecret),
    ),
  })
  const invoices = createInvoiceActivities({
    db,
    now: () => new Date(),
    etims: config.etims ? createEtims(config.etims) : null,
  })
  const options = {
    connection,
    namespace: config.temporal.namespace,
    activities: {
      ...activities,
      ...invoices,
      ...createErasureActivities({ db, now: () => new Date() }),
      ...createExportActivities({
        db,
        now: () => new Date(),
        papers: createPapers(),
        controller: { name: config.company.name, contact: config.privacy.contact },
      }),
      ...createKeyRotationActivities({ db }),
    },
    workflowBundle: await bundle(),
    dataConverter: dataConverter(codec),
    shutdownGraceTime: SHUTDOWN_GRACE,
    maxCachedWorkflows: config.workers.cachedWorkflows,
    stickyQueueScheduleToStartTimeout: KNOWN_FIRST,
    ...releaseOptions(config.workers),
    interceptors: {
      activity: [createLastingFailures, createStepOrigins].map((create) => () => ({
        inbound: create(),
      })),
    },
  } satisfies Partial<WorkerOptions>
  const running = await Promise.all(queues.map((queue) => startStory(TASK_QUEUES[queue], options)))
  return { running, connection }
}

async function startStory(
  taskQueue: string,
  options: Omit<WorkerOptions, 'taskQueue'> & { connection: NativeConnection },
): Promise<Running> {
  const worker = await Worker.create({ ...options, taskQueue })
  const done = worker.run()
  return {
    name: taskQueue,
    done,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown()
      await done
    },
  }
}
