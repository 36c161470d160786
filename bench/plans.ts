/**
 * How PostgreSQL does the statements that matter: of a fleet of a million cars, and of a hundred thousand open bookings. No index
 * is forced on it. Kept in docs/plans.md.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { searchFree } from '../db/availability.ts'
import { connectDatabase, select, type Database } from '../db/connection.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { keepFile } from '../docs/sections.ts'
import { circumstances } from '../faults/circumstances.ts'
import { createRandom } from '../faults/random.ts'
import { freePort } from '../local/ports.ts'
import { startPostgres } from '../local/postgres.ts'
import { seed } from '../local/seed.ts'
import {
  BENCH_VAULT,
  connectExplaining,
  pagesOf,
  type Explaining,
  type Plan,
} from './explaining.ts'
import { keepFigures } from './figures.ts'
import { PLACES, startLargeFleet } from './large-fleet.ts'
import { insertOpenBookings, readOpenBookings, today } from './open-bookings.ts'
import {
  calendarQuestions,
  insertWaiting,
  waitingQuestions,
  type Question,
} from './plan-questions.ts'
import { drawWish, readIntoMemory, type Wish } from './search.ts'

type Explained = Question & { plans: Plan[] }

const BOOKINGS = 100_000
const REPORTS = 200_000
/** Of the reports so many wait; and so many events. */
const WAITING = 1_000
const SEED = 7
const SHOWN_FILE = 'plans.md'

const say = (line: string) => void process.stdout.write(`${line}\n`)

async function explainAll({ explain }: Explaining, questions: Question[]): Promise<Explained[]> {
  const found: Explained[] = []
  for (const question of questions) {
    const plans = (await explain(question.work)).filter(({ statement }) =>
      question.shows.test(statement),
    )
    if (plans.length === 0) throw new Error(`no plan of "${question.title}" was heard`)
    found.push({ ...question, plans })
    say(`${question.title}: ${plans.map(pagesOf).join(', ')} pages`)
  }
  return found
}

/** The first that is not in vain. */
async function findWish(db: Database): Promise<{ wish: Wish; car: string }> {
  const random = createRandom(SEED)
  for (;;) {
    const wish = drawWish(random)
    const { pickup: pickupLocation, back: returnLocation, from, to, category } = wish
    const free = await searchFree(db, { pickupLocation, returnLocation, from, to })
    const car = free.find(({ categoryCode }) => categoryCode === category)?.cars[0]
    if (car) return { wish, car: car.id }
  }
}

async function explainCalendar(): Promise<Explained[]> {
  const fleet = await startLargeFleet(say)
  const pool = new pg.Pool({ connectionString: fleet.url, max: 1 })
  const explaining = connectExplaining(fleet.url)
  try {
    say('reading the tables into memory')
    await readIntoMemory(pool)
    const { wish, car } = await findWish(explaining.db)
    return await explainAll(explaining, calendarQuestions(explaining.db, wish, car))
  } finally {
    await explaining.db.close()
    await pool.end()
    await fleet.stop()
  }
}

async function fillWaiting(url: string): Promise<void> {
  await migrateDatabase(url)
  const options = {
    url,
    pool: 2,
    applicationName: 'gari-bench',
    isUnhurried: true,
    vault: BENCH_VAULT,
  }
  const db = connectDatabase(options)
  try {
    await seed(db)
    say(`making ${BOOKINGS} open bookings, ${REPORTS} reports and ${WAITING} events`)
    await insertOpenBookings(db, { from: 0, to: BOOKINGS, since: today() })
    await insertWaiting(db, { reports: REPORTS, waiting: WAITING })
    await select(db, 'VACUUM (ANALYZE)')
  } finally {
    await db.close()
  }
}

async function explainWaiting(): Promise<Explained[]> {
  const dir = await mkdtemp(join(tmpdir(), 'gari-plans-'))
  const port = await freePort()
  const server = await startPostgres({ dir, port, password: 'bench', durable: false })
  try {
    await fillWaiting(server.url)
    const explaining = connectExplaining(server.url)
    try {
      const [some] = await readOpenBookings(explaining.db, {
        from: BOOKINGS / 2,
        to: BOOKINGS / 2 + 1,
      })
      if (!some) throw new Error('no open booking was made')
      return await explainAll(explaining, waitingQuestions(explaining.db, some))
    } finally {
      await explaining.db.close()
    }
  } finally {
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

const FENCE = '```'

const shown = ({ title, about, plans }: Explained): string =>
  [
    `### ${title}`,
    '',
    about,
    ...plans.flatMap(({ lines }) => ['', `${FENCE}text`, ...lines, FENCE]),
  ].join('\n')

const part = (title: string, about: string, all: Explained[]): string =>
  [`## ${title}`, '', about, '', all.map(shown).join('\n\n')].join('\n')

const row = (all: Explained[]): string[] =>
  all.map(({ title, plans }) => `| ${title} | ${plans.map(pagesOf).join(' + ')} |`)

export async function benchPlans(): Promise<void> {
  const calendar = await explainCalendar()
  const waiting = await explainWaiting()
  await keepFile(SHOWN_FILE, {
    title: 'Plans',
    intro: `\`npm run bench -- plans\`: how PostgreSQL did each statement, as its auto_explain wrote it, at the sixth use of a prepared
statement, when it may have settled for one plan for all values. "rows" are those that came, "loops" how often; a page has 8 KiB.`,
    where: circumstances(),
    lines: [
      part(
        'The calendar',
        `1,000,000 cars at ${PLACES} places and 10,000,000 holds, in memory as far as they fit.`,
        calendar,
      ),
      '',
      part(
        'What waits, and the desk',
        `${BOOKINGS.toLocaleString('en')} open bookings, ${REPORTS.toLocaleString('en')} stored reports of which ${WAITING} wait, and ${WAITING} events.`,
        waiting,
      ),
    ],
  })
  await keepFigures(
    'Plans',
    `\`npm run bench -- plans\`: how many pages of 8 KiB each statement looks at; the plans themselves, and of how many rows, are in
[plans.md](plans.md).`,
    ['| | pages |', '|---|---|', ...row([...calendar, ...waiting])],
  )
}
