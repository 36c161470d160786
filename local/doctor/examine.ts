/** Everything that is asked of a production, side by side, and what came of it in words or as JSON. */
import { Listr } from 'listr2'
import { examineConfig, type Environment } from '../../config.ts'
import { createLog } from '../../gateways/log.ts'
import { addressCheck } from './address.ts'
import { answer, type Answer, type Check } from './checks.ts'
import { databaseChecks } from './database.ts'
import { engineChecks } from './engines.ts'
import { createIsPrivate } from './hosts.ts'
import { settingsChecks, type Examined } from './settings.ts'

export type Examination = { fine: boolean; checks: Answer[] }
export type Asking = {
  /** Hosts to which encryption is not needed. */
  vouched: readonly string[]
  deadlineMs?: number
  /** On a terminal, who wants to see what is being asked. */
  isShown?: boolean
}

export async function examine(env: Environment | undefined, asking: Asking): Promise<Examination> {
  const examined = examineConfig(env)
  const { config } = examined
  const isPrivate = createIsPrivate(asking.vouched)
  // Kafka's client says each step of a connection; what matters is in the answer.
  const log = createLog({ level: 'silent', name: 'doctor' })
  const database = config && databaseChecks(config, isPrivate)
  const world = config ? [...engineChecks(config, isPrivate, log), addressCheck(config)] : []
  const checks = [...settingsChecks(examined), ...(database?.checks ?? []), ...world]
  try {
    const answers = await askAll(checks, asking)
    const told = config ? answers : [...answers, NOT_ASKED]
    const fine = told.every((one) => one.fine)
    return { fine, checks: told.map((one) => withoutSecrets(one, examined)) }
  } finally {
    await database?.close()
  }
}

/** Without a configuration nobody knows whom to ask. */
const NOT_ASKED: Answer = {
  name: 'world',
  title: 'PostgreSQL, Kafka, Temporal, mail and PUBLIC_URL',
  fine: false,
  complaints: [
    {
      what: 'The rest was not asked, because the settings cannot be read.',
      mend: 'Mend the settings, then ask again.',
    },
  ],
  tookMs: 0,
}

async function askAll(checks: readonly Check[], asking: Asking): Promise<Answer[]> {
  const { deadlineMs, isShown = false } = asking
  const answers: Answer[] = []
  const list = new Listr(
    checks.map((check, nth) => ({
      title: check.title,
      task: async (_context: unknown, task: { title: string }) => {
        const said = await answer(check, deadlineMs)
        answers[nth] = said
        task.title = `${check.title}: ${said.fine ? 'yes' : 'no'}`
      },
    })),
    {
      concurrent: true,
      registerSignalListeners: false,
      renderer: isShown ? 'default' : 'silent',
      fallbackRenderer: isShown ? 'simple' : 'silent',
    },
  )
  await list.run()
  return answers
}

const SHORTEST_TO_HIDE = 6

/** Errors of others may repeat what they were given. */
function withoutSecrets(said: Answer, { secrets }: Examined): Answer {
  const hide = (text: string) =>
    secrets
      .map(({ value }) => value)
      .filter((value) => value.length >= SHORTEST_TO_HIDE)
      .reduce((shown, value) => shown.replaceAll(value, '[hidden]'), text)
  const complaints = said.complaints.map(({ what, mend }) => ({ what: hide(what), mend }))
  return { ...said, complaints }
}

/** For people: what is wrong, and below it what helps. */
export function describe({ fine, checks }: Examination): string {
  const wrong = checks.filter((one) => !one.fine)
  const parts = wrong.map(({ title, complaints }) =>
    [
      `✗ ${title}: no`,
      ...complaints.flatMap(({ what, mend }) => [`  ${what}`, `    → ${mend}`]),
    ].join('\n'),
  )
  const end = fine
    ? `✓ Nothing is wrong: ${checks.length} questions were asked.`
    : `${wrong.length} of ${checks.length} questions have a wrong answer.`
  return [...parts, end].join('\n\n')
}
