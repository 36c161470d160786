/** A release beside the one before it, by halves, back again, and for good. */
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import { writeBundle } from '../bundles.ts'
import { bookOrThrow, payByPrompt, type Booked } from '../lines/booking.ts'
import type { Fault, Scene } from './fault.ts'

const { PINNED_OVERRIDE_BEHAVIOR_PINNED } =
  proto.temporal.api.workflow.v1.VersioningOverride.PinnedOverrideBehavior
const [OLD, NEW] = ['one', 'two']
const PATCH = 'next-release'
const TURN_SECONDS = 10
const NAMESPACE = 'default'

type Releases = {
  /** New stories begin there; running ones go there with their next step. */
  makeCurrent: (buildId: string) => Promise<unknown>
  /** So many per cent of the stories; 0 takes it back. */
  ramp: (buildId: string, percentage: number) => Promise<unknown>
  /** It ends where it is, whatever becomes current. */
  pin: (workflowId: string, buildId: string) => Promise<unknown>
  /** That took its last step. */
  releaseOf: (workflowId: string) => Promise<string | undefined>
  close: () => Promise<void>
}

/** As the operator's command line asks for it. */
async function openReleases(address: string): Promise<Releases> {
  const connection = await Connection.connect({ address })
  const { workflowService } = connection
  const { workflow } = new Client({ connection, namespace: NAMESPACE })
  const deployment = { namespace: NAMESPACE, deploymentName: 'gari' }
  return {
    makeCurrent: (buildId) =>
      workflowService.setWorkerDeploymentCurrentVersion({ ...deployment, buildId }),
    ramp: (buildId, percentage) =>
      workflowService.setWorkerDeploymentRampingVersion({
        ...deployment,
        buildId: percentage === 0 ? '' : buildId,
        percentage,
      }),
    pin: (workflowId, buildId) =>
      workflowService.updateWorkflowExecutionOptions({
        namespace: NAMESPACE,
        workflowExecution: { workflowId },
        workflowExecutionOptions: {
          versioningOverride: {
            pinned: {
              behavior: PINNED_OVERRIDE_BEHAVIOR_PINNED,
              version: { deploymentName: 'gari', buildId },
            },
          },
        },
        updateMask: { paths: ['versioning_override'] },
      }),
    releaseOf: async (workflowId) => {
      const { raw } = await workflow.getHandle(workflowId).describe()
      return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined
    },
    close: () => connection.close(),
  }
}

/** Temporal knows a release once its workers have asked for work. */
const whenKnown = (scene: Scene, what: string, ask: () => Promise<unknown>): Promise<void> =>
  scene.until(what, () => ask().then(() => true))

async function pay({ stranger }: Scene, one: Booked): Promise<void> {
  await payByPrompt(stranger, one, one.phones[0] ?? '', one.total)
}

async function twoReleases(scene: Scene, releases: Releases): Promise<void> {
  const { house, stranger, lasts, complain } = scene
  const { keeper, runWorker } = house
  const bundle = await writeBundle(join(house.folder, 'next-release.js'), 'patched')
  const next = { WORKER_BUILD_ID: NEW }

  await keeper.replace('stories', () => runWorker('stories', { WORKER_BUILD_ID: OLD }))
  await whenKnown(scene, 'the old release is current', () => releases.makeCurrent(OLD))
  const [moving, staying] = [await bookOrThrow(stranger), await bookOrThrow(stranger)]
  await releases.pin(`reservation:${staying.id}`, OLD)

  // By halves, and what is new in it not used yet: so there is a way back.
  const held = { ...next, WORKER_HELD_PATCHES: PATCH }
  await keeper.keep('next', () => runWorker('stories', held, bundle))
  await whenKnown(scene, 'half of the stories go to the new', () => releases.ramp(NEW, 50))
  await lasts(TURN_SECONDS)
  await releases.ramp(NEW, 0)
  await lasts(TURN_SECONDS)

  await keeper.change('next', () => runWorker('stories', next, bundle))
  await whenKnown(scene, 'the new release is current', () => releases.makeCurrent(NEW))
  await pay(scene, moving)
  await pay(scene, staying)
  await lasts(TURN_SECONDS)
  for (const [what, { id }, wanted] of [
    ['a story under way', moving, NEW],
    ['a pinned story', staying, OLD],
  ] as const) {
    const release = await releases.releaseOf(`reservation:${id}`)
    if (release !== wanted) complain(`${what} is on release ${release}, not ${wanted}`)
  }
}

export const releases: Fault[] = [
  {
    number: 27,
    name: 'Two releases at once: half of the stories to the new, all back, then all to the new for good',
    promise: 'every story goes on where it is sent; one that is pinned ends where it began',
    hasHouseOfItsOwn: true,
    happen: async (scene) => {
      const releases = await openReleases(scene.house.temporal)
      try {
        await twoReleases(scene, releases)
      } finally {
        await releases.close()
      }
    },
  },
]
