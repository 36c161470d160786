/** M-Pesa in its moods: late, silent, several times, with other words, or not at all. For everybody at once. */
import { book, bookOrThrow, payByPrompt } from '../lines/booking.ts'
import type { Fault, Scene } from './fault.ts'
import { forge } from './forging.ts'
import { inTime } from './in-time.ts'

type Mood = Record<string, unknown>

const everybody = ({ stranger }: Scene, mood: Mood) => stranger.hand('PUT', '/moods/global', mood)
const inTheMood = (mood: Mood, seconds: number) => async (scene: Scene) => {
  await everybody(scene, mood)
  await scene.lasts(seconds)
}

/** One after the other, each for everybody, as long as each. */
const inTurns = (moods: Mood[], seconds: number) => async (scene: Scene) => {
  for (const mood of moods) {
    await everybody(scene, mood)
    await scene.lasts(seconds)
  }
}

const ASKED_LATER = { seconds: 150, because: 'our questions to M-Pesa are minutes apart by then' }

const lateFirst = async (scene: Scene) => {
  const mood = { lostCode: 1037, paysAfterLostMs: 3_000 }
  await everybody(scene, mood)
  await scene.lasts(20)
}

async function unknownPush(scene: Scene): Promise<void> {
  await everybody(scene, { on: ['stk-push'], breakAnswer: true })
  const one = await book(scene.stranger)
  if (one) await payByPrompt(scene.stranger, one, one.phones[0] ?? '', one.total)
  await scene.lasts(15)
}

const TROUBLES: Mood[] = [
  { fault: 'spike-arrest' },
  { fault: 'spike-arrest-500' },
  { fault: 'html-403' },
  { fault: 'garbage' },
  { fault: 'busy' },
  { fault: 'token-expired', times: 20 },
  { answerDelayMs: 8_000 },
  { fault: 'outage' },
]

const TROUBLE_SECONDS = 5
/** Whatever M-Pesa does, whoever books is answered in time. */
async function manyTroubles(scene: Scene): Promise<void> {
  for (const mood of TROUBLES) {
    await everybody(scene, mood)
    await inTime(scene, 'a booking', () => bookOrThrow(scene.stranger))
    await scene.lasts(TROUBLE_SECONDS)
  }
}

export const provider: Fault[] = [
  {
    number: 10,
    name: 'No report comes for half a minute',
    promise: 'our own questions decide; nothing stays open',
    happen: inTheMood({ dropCallback: true }, 30),
    rest: ASKED_LATER,
  },
  {
    number: 11,
    name: 'Every report comes five times, at once',
    promise: 'one payment, one entry, one event',
    happen: inTheMood({ callbackCopies: 5 }, 20),
  },
  {
    number: 13,
    name: 'M-Pesa says "not reached", then the money comes all the same',
    promise: 'the proof wins, once; paid never becomes failed',
    happen: lateFirst,
    rest: ASKED_LATER,
  },
  {
    number: 14,
    name: 'Reports overtake the answers to our requests, and one another',
    promise: 'each finds its payment',
    happen: inTurns([{ callbackBeforeAnswer: true }, { callbackReorderMs: 800 }], 12),
  },
  {
    number: 15,
    name: 'Forged reports, to paths that are none and to the secret path of an open payment',
    promise: 'no money moves, nothing is confirmed, and the true report still counts',
    happen: forge,
  },
  {
    number: 16,
    name: 'Reports name a shilling less, a shilling more, write text for numbers',
    promise: 'nothing is believed before M-Pesa itself proves it',
    happen: inTurns(
      [
        { callbackAmountOffset: -1 },
        { callbackAmountOffset: 1 },
        { stringResultCode: true, extraItems: true, balanceItem: 'text' },
      ],
      8,
    ),
    rest: ASKED_LATER,
  },
  {
    number: 17,
    name: 'The connection breaks before the answer to each request',
    promise: 'no phone is asked twice while the first may still pay',
    isShort: true,
    happen: unknownPush,
    rest: ASKED_LATER,
  },
  {
    number: 18,
    name: 'M-Pesa turns away, answers rubbish, forgets our tokens, needs eight seconds to answer and is away, one after the other',
    promise: 'bookings go on, requests wait, nobody is charged twice',
    happen: manyTroubles,
    rest: { seconds: 240, because: 'requests wait for M-Pesa, minutes apart in the end' },
  },
]
