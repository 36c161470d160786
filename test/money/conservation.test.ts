/**
 * No shilling is lost, doubled or left without an owner: random bookings, payers and moods of M-Pesa, and workers that
 * die meanwhile. `npm run bench -- money` tells thousands of stories the same way.
 */
import { expect, it } from '@jest/globals'
import { YOUNG_MS } from '../../domain/reconciliation.ts'
import { runMoneyStories } from './run.ts'

const STORIES = 300
const seed = Number(process.env['MONEY_SEED'] ?? Date.now() % 2 ** 31)

it(`conserves money over ${STORIES} random stories (MONEY_SEED=${seed})`, async () => {
  const broken = await runMoneyStories({
    seed,
    stories: STORIES,
    tellers: 12,
    killEveryMs: 30_000,
    // What M-Pesa's list alone can tell is believed after five minutes, and its refund looks for it minutes apart.
    quietWithinMs: 2 * YOUNG_MS,
  })
  expect(broken).toEqual([])
}, 1_200_000)
