import type { Stack } from './parts.ts'
import { SAMPLE_PASSWORD, SAMPLE_PEOPLE } from './people-data.ts'
import { UI_PATH } from './temporal.ts'

/** The one screen at the end of a start: where everything is, who may sign in, what to try first. */
export const welcome = (stack: Stack, seconds: number): string => {
  const { plan, home, running } = stack
  const sections = [
    [`gari is running, ready in ${seconds.toFixed(1)} s`],
    table(addresses(stack)),
    ...(plan.sampleData ? [signIns()] : []),
    ...(running.simulators && !plan.own.daraja ? [phones(running.simulators.samplePhones)] : []),
    ...(plan.sampleData ? [firstSteps(stack)] : []),
    ...(running.kafkaProblem ? [withoutKafka(running.kafkaProblem)] : []),
    table([
      ['data and logs', home.folder],
      ['stop', 'Ctrl-C; everything is there again at the next npm start'],
    ]),
  ]
  const line = '─'.repeat(72)
  return [line, sections.map((lines) => indent(lines)).join('\n\n'), line].join('\n')
}

/** Ours stand behind our sign-in; whoever brings a Temporal brings its pages, too. */
const temporalPages = ({ plan, ports, running }: Stack): string =>
  running.temporal?.uiUpstream || plan.temporalUiUpstream
    ? `${plan.publicUrl(ports)}${UI_PATH}`
    : (plan.temporalUiUrl ?? '')

const addresses = (stack: Stack): string[][] => {
  const { plan, ports, running } = stack
  const url = plan.publicUrl(ports)
  const { postgres, temporal, kafka, simulators } = running
  return [
    ['gari', url],
    [
      'phones',
      plan.own.daraja ? '' : (simulators?.links.phones ?? ''),
      'M-Pesa prompts pop up here',
    ],
    ['mail', plan.own.smtp ? '' : (simulators?.links.mailbox ?? '')],
    ['SMS', plan.own.sms ? '' : (simulators?.links.sms ?? '')],
    ['eTIMS', plan.own.etims ? '' : (simulators?.links.etims ?? '')],
    ['Temporal', temporalPages(stack), note('server', temporal)],
    ['API', `${url}/api/v1/docs`],
    ['status', `${url}/api/v1/status`],
    ['PostgreSQL', postgres?.address ?? 'your own', note('', postgres)],
    ['Temporal API', temporal?.address ?? plan.temporalAddress ?? 'your own'],
    ['Kafka', kafka?.address ?? (plan.kafkaBrokers.join(', ') || 'off'), note('', kafka)],
  ].filter((row) => row[1] !== '')
}

const note = (what: string, engine: { version: string } | undefined): string =>
  engine ? `${what} ${engine.version}`.trim() : ''

const signIns = (): string[] => [
  `sample sign-ins, password ${SAMPLE_PASSWORD}`,
  ...indent(table(SAMPLE_PEOPLE.map(({ email, role }) => [email, role]))).split('\n'),
]

const phones = (list: { phone: string; pin: string; name: string }[]): string[] => [
  'sample phones',
  ...indent(table(list.map(({ phone, pin, name }) => [phone, `PIN ${pin}`, name]))).split('\n'),
]

const firstSteps = ({ plan, ports, running }: Stack): string[] => [
  'try first',
  `  1. Open ${plan.publicUrl(ports)}, choose where and when, and book a car.`,
  '  2. Pay with the number of a sample phone.',
  `  3. Type its PIN at ${running.simulators?.links.phones ?? 'your phone'} and watch the booking confirm.`,
]

const withoutKafka = (problem: string): string[] => [
  'Kafka is off: events wait safely in the outbox, everything else works.',
  ...problem.split('\n').slice(0, 5),
]

const table = (rows: string[][]): string[] => {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const pad = (cell: string, column: number) => cell.padEnd(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('  ').trimEnd())
}

const indent = (lines: string[]): string => lines.map((line) => `  ${line}`).join('\n')
