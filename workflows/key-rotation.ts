/**
 * The master key is replaced: begin -> round -> rest -> round … until a round finds nothing -> end.
 *
 * Started by operations (`npm run keys:rotate`); its id names the new key, so starting it twice is starting it once. Rows that
 * somebody was writing, and keys of people who came while a process still wrapped by the old key, are found by the next
 * round. It ends `finished` when every key is wrapped by the new one, else `stopped`, and says how many are left under which.
 *
 * - `rotationProgress` (query): how far it is.
 */
import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type {
  KeyRotationInput,
  RotationProgress,
  RotationState,
  RotationSummary,
} from '../domain/key-rotation.ts'
import { rotationProgress } from './key-rotation-messages.ts'
import { createParking, type Parking } from './parking.ts'
import { keys } from './proxies.ts'
import { BUSINESS_STATUS } from './search-attributes.ts'

/** Longer than a transaction of ours can live, so that the next round sees what was being written. */
const REST_MS = 30_000
/** Each moved something: then a process is at work that still wraps by an old key, and will go on. */
const MOST_ROUNDS = 20
const STILL_WRAPPED =
  'Some process still wraps by an old key: restart every process with the new one, and begin again.'
/** Events; a step of five seconds takes six. */
const LONGEST_HISTORY = 2_000

type Work = {
  input: KeyRotationInput
  parking: Parking
  state: RotationState
  show: RotationProgress
}

export async function keyRotation(input: KeyRotationInput): Promise<RotationSummary> {
  const state = input.goesOn ?? { round: 1, place: null, moved: 0, rewrapped: 0 }
  const { keyId } = input
  const { round, rewrapped } = state
  const show: RotationProgress = { status: 'running', keyId, round, rewrapped, toMove: 0 }
  setHandler(rotationProgress, () => show)
  const work: Work = { input, parking: createParking(), state, show }
  showStatus(work)
  const why = await move(work)
  const summary = await work.parking.insist('end the rotation', () =>
    keys.endKeyRotation(plain(input), why),
  )
  Object.assign(show, { status: summary.status, rewrapped: summary.rewrapped })
  showStatus(work)
  setCurrentDetails(sentence(summary))
  return summary
}

/** Answers why it cannot go on, or null. */
async function move(work: Work): Promise<string | null> {
  const { input, parking, state, show } = work
  const begun = await parking.insist('begin the rotation', () =>
    keys.beginKeyRotation(plain(input)),
  )
  if (begun.refused !== null) return begun.refused
  show.toMove = begun.toMove + state.rewrapped
  for (; state.round <= MOST_ROUNDS; state.round += 1) {
    const isLast = await moveAll(work)
    if (isLast) return null
    await condition(() => false, REST_MS)
    Object.assign(state, { place: null, moved: 0 })
  }
  return STILL_WRAPPED
}

/** True when nothing was left to do, or somebody else has begun to do it. */
async function moveAll({ input, parking, state, show }: Work): Promise<boolean> {
  show.round = state.round
  for (;;) {
    if (workflowInfo().historyLength > LONGEST_HISTORY)
      await continueAsNew<typeof keyRotation>({ ...plain(input), goesOn: state })
    const { place } = state
    const step = await parking.insist('wrap keys', () => keys.rewrapKeys(plain(input), place))
    state.moved += step.moved
    state.rewrapped += step.moved
    state.place = step.place
    show.rewrapped = state.rewrapped
    setCurrentDetails(`Round ${state.round}: ${show.rewrapped} keys are wrapped by ${input.keyId}`)
    if (step.isReplaced) return true
    if (step.place === null) return state.moved === 0
  }
}

const plain = ({ rotationId, keyId, mark, actorId }: KeyRotationInput): KeyRotationInput => ({
  rotationId,
  keyId,
  mark,
  actorId,
})

const showStatus = ({ show }: Work): void =>
  upsertSearchAttributes([{ key: BUSINESS_STATUS, value: show.status }])

const sentence = ({ status, keyId, rewrapped, why }: RotationSummary): string =>
  status === 'finished'
    ? `${rewrapped} keys were moved; every key is wrapped by ${keyId}`
    : `Stopped: ${why ?? ''}`
