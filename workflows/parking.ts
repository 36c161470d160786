/**
 * Nothing important ends as Failed. A step that cannot go on parks: the search attribute NeedsAttention is set,
 * the details say what was tried, and operations let it try again (`retryStep`) or settle it by hand
 * (`resolveManually`).
 */
import {
  condition,
  defineUpdate,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import { rootCause } from '@temporalio/common'
import { isReceipt, type ManualResolution } from '../domain/payments.ts'
import { refuse } from './refusing.ts'
import { NEEDS_ATTENTION } from './search-attributes.ts'

/** An update, so that the person who presses the button hears whether anything was parked. */
export const retryStep = defineUpdate<void>('retryStep')
/** An update: an empty reason or a receipt that cannot be one is refused. The step then counts as done by hand. */
export const resolveManually = defineUpdate<void, [ManualResolution]>('resolveManually')

export type Resolution<T> = { by: 'step'; value: T } | { by: 'hand'; resolution: ManualResolution }

export type Parking = {
  /**
   * Runs the step until it succeeds or somebody resolves it by hand. While it is parked, `wake` may say that
   * something new has come which makes another try worth while.
   */
  attempt<T>(what: string, run: () => Promise<T>, wake?: () => boolean): Promise<Resolution<T>>
  /** The same for steps that have no sense in being skipped: a resolution by hand tries once more. */
  insist<T>(what: string, run: () => Promise<T>): Promise<T>
}

type State = { parked: string | null; again: boolean; resolution: ManualResolution | null }

const refuseWhenRunning = (state: State) => {
  if (!state.parked) refuse('NOT_FOUND', 'Nothing is parked here.')
}

const refuseUnlessSound = ({ reason, receipt }: ManualResolution) => {
  if (!reason.trim()) refuse('INVALID_INPUT', 'Say how it was resolved.')
  if (receipt && !isReceipt(receipt))
    refuse('INVALID_INPUT', 'An M-Pesa receipt has ten letters and digits, like UKL5ABC12D.')
}

const markAttention = (parked: string | null) =>
  upsertSearchAttributes([{ key: NEEDS_ATTENTION, value: parked !== null }])

export function createParking(): Parking {
  const state: State = { parked: null, again: false, resolution: null }
  setHandler(
    retryStep,
    () => {
      state.again = true
    },
    { validator: () => refuseWhenRunning(state) },
  )
  setHandler(
    resolveManually,
    (resolution) => {
      state.resolution = resolution
    },
    {
      validator: (resolution) => {
        refuseWhenRunning(state)
        refuseUnlessSound(resolution)
      },
    },
  )

  const park = async (
    what: string,
    error: unknown,
    wake: () => boolean,
  ): Promise<ManualResolution | null> => {
    Object.assign(state, { parked: what, again: false, resolution: null })
    markAttention(what)
    setCurrentDetails(`**Needs attention: ${what}**\n\n${rootCause(error) ?? String(error)}`)
    await condition(() => state.again || state.resolution !== null || wake())
    state.parked = null
    markAttention(null)
    setCurrentDetails(state.resolution ? `Resolved by hand: ${state.resolution.reason}` : '')
    return state.resolution
  }

  const attempt: Parking['attempt'] = async (what, run, wake = () => false) => {
    for (;;) {
      try {
        return { by: 'step', value: await run() }
      } catch (error) {
        if (isCancellation(error)) throw error
        const resolution = await park(what, error, wake)
        if (resolution) return { by: 'hand', resolution }
      }
    }
  }

  const insist: Parking['insist'] = async (what, run) => {
    for (;;) {
      const outcome = await attempt(what, run)
      if (outcome.by === 'step') return outcome.value
    }
  }

  return { attempt, insist }
}
