/** `npm run bench -- money --stories 10000`: money is conserved over as many random stories as one has patience for. */
import { runMoneyStories } from '../test/money/run.ts'
import { keepFigures } from './figures.ts'
import type { Options } from './options.ts'

const TELLERS = 12
/** Longer than the supervisor asks of a part that it is to start again without a long pause. */
const KILL_EVERY_MS = 65_000
/** A refund whose receipt came with M-Pesa's list looks again every quarter of an hour. */
const QUIET_WITHIN_MS = 1_200_000
const SECOND_MS = 1_000

export async function benchMoney({ stories, seed }: Options): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  say(`${stories} stories, seed ${seed}`)
  const start = performance.now()
  const broken = await runMoneyStories({
    seed,
    stories,
    tellers: TELLERS,
    killEveryMs: KILL_EVERY_MS,
    quietWithinMs: QUIET_WITHIN_MS,
    say,
  })
  const seconds = Math.round((performance.now() - start) / SECOND_MS)
  await keepFigures(
    'Money',
    `\`npm run bench -- money --stories ${stories} --seed ${seed}\`: random bookings, payers and moods of M-Pesa; the workers are killed
every ${KILL_EVERY_MS / SECOND_MS} s.`,
    [
      `${stories} stories in ${seconds} s. Broken promises: ${broken.length}.`,
      ...broken.slice(0, 20),
    ],
  )
  if (broken.length > 0) process.exitCode = 1
}
