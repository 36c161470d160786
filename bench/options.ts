/** What a bench may be told on the command line; each takes the part that it needs. */
import { parseArgs } from 'node:util'

export type Options = {
  /** Side by side, each in a closed loop. */
  callers: number[]
  seconds: number
  /** Requests, or events, per second. */
  rate: number
  rates: number[]
  holds: number
  attempts: number
  stories: number
  pages: number
  bookings: number
  minutes: number
  shards: number[]
  seed: number
}

export type Bench = (options: Options) => Promise<void>

/** Its sentence is for whoever typed the command. */
export class WrongOption extends Error {}

type Texts = Record<keyof Options, string>

/** As the table of aims has them. */
const DEFAULTS: Omit<Texts, 'seed'> = {
  callers: '1,20,50,200',
  seconds: '12',
  rate: '200',
  rates: '200,1000',
  holds: '1000000',
  attempts: '20000',
  stories: '10000',
  pages: '1000',
  bookings: '100000',
  minutes: '5',
  shards: '4,16',
}

/** What suits one section, where it is not told otherwise. */
const OF_SECTION: Record<string, Partial<Texts>> = {
  callbacks: { seconds: '60' },
  scaling: { callers: '20' },
  profile: { callers: '1,20' },
}

/** Which benches to run, in this order, and each with what; all of them where none is named. */
export function readCommand(
  args: string[],
  known: readonly string[],
): { name: string; options: Options }[] {
  const { values, positionals } = parse(args)
  for (const name of positionals)
    if (!known.includes(name))
      throw new WrongOption(`There is no section ${name}; there is ${known.join(', ')}.`)
  const seed = String(Date.now() % 2 ** 31)
  return (positionals.length > 0 ? positionals : known).map((name) => ({
    name,
    options: readOptions({ ...DEFAULTS, seed, ...OF_SECTION[name], ...values }),
  }))
}

function readOptions(values: Texts): Options {
  const text = (name: keyof Options): string => values[name]
  const some = (name: keyof Options) => text(name).split(',').map(whole(name, 1))
  const count = (name: keyof Options) => whole(name, 1)(text(name))
  return {
    callers: some('callers'),
    seconds: above(0, 'seconds', text('seconds')),
    rate: count('rate'),
    rates: some('rates'),
    holds: count('holds'),
    attempts: count('attempts'),
    stories: count('stories'),
    pages: count('pages'),
    bookings: count('bookings'),
    // In none of them nothing is added, and what stands is measured.
    minutes: whole('minutes', 0)(text('minutes')),
    shards: some('shards'),
    seed: whole('seed', 0)(text('seed')),
  }
}

function parse(args: string[]) {
  const options = Object.fromEntries(
    [...Object.keys(DEFAULTS), 'seed'].map((name) => [name, { type: 'string' }] as const),
  )
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
    return { values: values as Partial<Texts>, positionals }
  } catch (error) {
    throw new WrongOption(error instanceof Error ? error.message : String(error))
  }
}

const refuse = (name: string, wanted: string, text: string) =>
  new WrongOption(`--${name} takes ${wanted}, not "${text}".`)

/** Digits only: `Number` would also take nothing at all, and hexadecimal. */
const DECIMAL = /^\d+(?:\.\d+)?$/

function above(least: number, name: string, text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  if (value > least) return value
  throw refuse(name, `a number above ${least}`, text)
}

const whole =
  (name: string, least: number) =>
  (text: string): number => {
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN
    if (Number.isSafeInteger(value) && value >= least) return value
    throw refuse(name, `a whole number from ${least}`, text)
  }
