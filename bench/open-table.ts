/** What was measured with open bookings, a column for each number of stories. */
export const CALLERS = 20

export type Times = { p50: number; p99: number }
export type Worker = {
  before: number
  workingMs: number
  answeredMs: number
  confirmedMs: number
  after: number
}
export type Measured = {
  stories: number
  bookings: number
  fileMib: number
  /** Cores that were busy with what is not ours. */
  others: number
  worker: Worker
  /** By question. */
  ui: Record<string, Times>
  pages: Record<string, Times>
}

export const count = (n: number) => n.toLocaleString('en')
const both = ({ p50, p99 }: Times = { p50: Number.NaN, p99: Number.NaN }) =>
  `${p50.toFixed(0)} / ${p99.toFixed(0)}`
const seconds = (ms: number) => (Number.isFinite(ms) ? (ms / 1_000).toFixed(1) : '')

const row = <T>(name: string, all: T[], cell: (one: T) => string) =>
  `| ${[name, ...all.map(cell)].join(' | ')} |`

export function table(all: Measured[]): string[] {
  const [first] = all
  const last = all.at(-1)
  const pages = first && last && first !== last ? [first, last] : all
  return [
    row('open stories', all, ({ stories }) => count(stories)),
    row('---', all, () => '---'),
    row('worker killed, works again after s', all, ({ worker }) => seconds(worker.workingMs)),
    row('an old story has answered after s', all, ({ worker }) => seconds(worker.answeredMs)),
    row('a new booking is confirmed after s', all, ({ worker }) => seconds(worker.confirmedMs)),
    row(`bookings per s before, ${CALLERS} callers`, all, ({ worker }) => worker.before.toFixed(1)),
    row('bookings per s afterwards', all, ({ worker }) => worker.after.toFixed(1)),
    ...Object.keys(last?.ui ?? {}).map((name) =>
      row(`UI: ${name}, ms p50 / p99`, all, ({ ui }) => both(ui[name])),
    ),
    row('cores busy with what is not ours', all, ({ others }) => others.toFixed(2)),
    row("Temporal's file, MiB", all, (one) => one.fileMib.toFixed(0)),
    '',
    row('open bookings in the tables', pages, ({ bookings }) => count(bookings)),
    row('---', pages, () => '---'),
    ...Object.keys(last?.pages ?? {}).map((name) =>
      row(`${name}, ms p50 / p99`, pages, (one) => both(one.pages[name])),
    ),
  ]
}
