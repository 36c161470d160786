/** Both databases are put back to a copy that was taken under load, and Gari is set right again. */
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { runProgram } from '../../local/programs.ts'
import { askForTheList } from '../lines/payments.ts'
import { WORKER_NAMES } from '../processes.ts'
import type { Fault, Scene } from './fault.ts'
import { insteadOfRules } from './restore-rules.ts'

const NAMES = ['postgres', 'temporal'] as const
const COMMAND = 'workers/after-restore.ts'
/** What people do meanwhile is lost by intention. */
const GOES_ON_SECONDS = 18
/** A line of M-Pesa's list counts once it is five minutes old (decision 0024). */
const LIST_SECONDS = 315

type Folders = Record<(typeof NAMES)[number], { live: string; copy: string }>

const foldersOf = ({ house }: Scene): Folders => {
  const of = (name: string) => ({
    live: join(house.folder, name),
    copy: join(house.folder, 'copies', name),
  })
  return { postgres: of('postgres'), temporal: of('temporal') }
}

/** Its file and those beside it, while the server stands still: as a snapshot of its disk would have them. */
async function copyTemporal({ house }: Scene, { live, copy }: Folders['temporal']): Promise<void> {
  await mkdir(copy, { recursive: true })
  const goOn = house.keeper.freeze('temporal')
  try {
    for (const file of (await readdir(live)).filter((name) => name.startsWith('temporal.db')))
      await copyFile(join(live, file), join(copy, file))
  } finally {
    goOn()
  }
}

/** As PostgreSQL's manual has it for a copy of the files under load: begin, copy, end, and the log that was written meanwhile. */
async function copyPostgres({ house }: Scene, { live, copy }: Folders['postgres']): Promise<void> {
  const client = new pg.Client({ connectionString: house.databaseUrl })
  await client.connect()
  try {
    await client.query("SELECT pg_backup_start('fault 39', true)")
    await mkdir(copy, { recursive: true })
    // Files that go away meanwhile are in the log.
    await runProgram('cp', ['-a', join(live, 'data'), copy]).catch(() => undefined)
    const { rows } = await client.query<{ label: string }>(
      'SELECT labelfile AS label FROM pg_backup_stop(false)',
    )
    await runProgram('cp', ['-a', join(live, 'data', 'pg_wal'), join(copy, 'data')])
    const label = join(copy, 'data', 'backup_label')
    await writeFile(label, rows[0]?.label ?? '')
    await runProgram('chown', [`--reference=${join(live, 'data', 'PG_VERSION')}`, label])
    await rm(join(copy, 'data', 'postmaster.pid'), { force: true })
  } finally {
    await client.end()
  }
}

async function putBack({ house: { keeper } }: Scene, folders: Folders): Promise<void> {
  for (const name of NAMES) {
    await keeper.takeDown(name)
    const { live, copy } = folders[name]
    const inside = name === 'postgres' ? ['data'] : await readdir(copy)
    if (name === 'temporal')
      for (const file of await readdir(live))
        if (file.startsWith('temporal.db')) await rm(join(live, file))
    for (const file of inside) {
      await rm(join(live, file), { recursive: true, force: true })
      await rename(join(copy, file), join(live, file))
    }
    await keeper.bringBack(name)
  }
}

const OURS = ['api', ...WORKER_NAMES]
const NOTHING = 'Nothing differs.'

type Time = 'first' | 'again' | 'at-work'

async function setRight({ house, complain }: Scene, time: Time): Promise<void> {
  const { exitCode, said } = await house.runCommand(COMMAND)
  // 1: something is left to a person, as documents of the lost time are.
  if (exitCode !== 0 && !(exitCode === 1 && time === 'first'))
    complain(`after-restore ended with ${exitCode}: ${said.slice(-400)}`)
  if (time !== 'first' && !said.includes(NOTHING))
    complain(`${time}, it still differs: ${said.slice(0, 400)}`)
  await writeFile(join(house.folder, 'logs', `after-restore-${time}.log`), said)
}

async function restore(scene: Scene): Promise<void> {
  const { house, lasts, log, until } = scene
  const folders = foldersOf(scene)
  await lasts(5)
  await copyTemporal(scene, folders.temporal)
  const from = Date.now()
  await copyPostgres(scene, folders.postgres)
  await lasts(GOES_ON_SECONDS)
  for (const name of OURS) await house.keeper.takeDown(name)
  await putBack(scene, folders)
  await setRight(scene, 'first')
  await setRight(scene, 'again')
  // Nobody is answered before this.
  log.forget(from, Date.now())
  await scene.heals(async () => {
    for (const name of OURS) await house.keeper.bringBack(name)
    await until('all of Gari is up', house.isWhole, 60)
  })
  await setRight(scene, 'at-work')
  await lasts(LIST_SECONDS)
  await askForTheList(scene.stranger)
}

export const restored: Fault[] = [
  {
    number: 39,
    name: 'Both databases are put back to a copy taken under load, Temporal’s a little earlier; Kafka and M-Pesa go on',
    promise:
      'what was answered before is there and goes on, no request and no refund goes out again, and all money is somewhere',
    hasHouseOfItsOwn: true,
    happen: restore,
    instead: insteadOfRules,
    rest: {
      seconds: 120,
      because: 'what M-Pesa’s list brings is handed to stories, which then settle',
    },
  },
]
