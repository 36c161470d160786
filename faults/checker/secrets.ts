/**
 * Nothing that is a person's or a key of ours stands in clear where it stays and where others read it: in the logs of
 * Gari's processes, in stories as Temporal keeps them, in events. PostgreSQL is not looked at.
 */
import type { Rule, World } from './world.ts'

/** Answers each thing that must not stand there, once, with what stands before it. */
export type Search = (text: string) => string[]

/**
 * People's phones begin with 2547339, the customers' own are beside them; as people and machines write them: +254…, 254…,
 * 07…, in groups, or at the end of one of M-Pesa's ids. With neither country code nor zero only as a text or a word of its own:
 * nanoseconds look the same. What stands before the nine digits is asked last, because that is slow.
 */
const NINE = '7(?:33[ -]?9\\d{2}[ -]?\\d{3}|22[ -]?000[ -]?[12]11)'
const PHONES = [
  `${NINE}(?!\\d)(?<=(?:(?<!\\d)(?:00)?254[ -]?|ws_CO_\\d*)${NINE})`,
  `${NINE}(?![0-9A-Za-z])(?<=(?<![0-9A-Za-z])0${NINE})`,
  `${NINE}(?=["'\\s),])(?<=["'\\s(]${NINE})`,
]
/** By its name: four digits alone are a year, a port or an amount. */
const PIN = `\\b[Pp][Ii][Nn]\\\\?["']?\\s*[:=]\\s*\\\\?["']?\\d{4}(?!\\d)`
/** Whoever reads it may act as its owner until it ends. */
const TOKEN = '[Bb]earer\\s+[\\w.~+/-]{16,}'

/** Less is a word like another. */
const SHORTEST = 8
const GROUP_BYTES = 3
const GROUP_SIGNS = 4

/** Within something longer, as in `Authorization: Basic …` and in Daraja's `Password`: it may begin at any of three places. */
export const inBase64 = (secret: string): string[] =>
  Array.from({ length: GROUP_BYTES }, (_, before) => {
    const bytes = Buffer.from(' '.repeat(before) + secret)
    const from = before === 0 ? 0 : before + 1
    const whole = Math.floor(bytes.length / GROUP_BYTES) * GROUP_SIGNS
    return bytes.toString('base64').slice(from, whole)
  })

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const BEFORE = 60
/** Of one text. */
const MOST = 5
const UNPRINTABLE = /[^ -~]+/g

/** One pass over the text, however many phones and secrets there are. */
export function createSearch(secrets: readonly string[]): Search {
  const writings = secrets
    .filter(({ length }) => length >= SHORTEST)
    .flatMap((secret) => [secret, ...inBase64(secret)])
  const all = new RegExp([...PHONES, PIN, TOKEN, ...writings.map(literal)].join('|'), 'g')
  return (text) => {
    const found = new Map<string, string>()
    for (const { 0: what, index } of text.matchAll(all)) {
      if (found.has(what)) continue
      const shown = text.slice(Math.max(0, index - BEFORE), index + what.length)
      found.set(what, shown.replaceAll(UNPRINTABLE, ' '))
      if (found.size === MOST) break
    }
    return [...found.values()]
  }
}

const tell = (where: string, found: string[]): string[] => found.map((one) => `${where}: ${one}`)

const inLogs = async ({ search, readLogs }: World): Promise<string[]> =>
  (await readLogs()).flatMap(({ name, text }) => tell(name, search(text)))

async function inStories({ search, stories, written }: World): Promise<string[]> {
  const found: string[] = []
  for (const story of stories.values()) found.push(...tell(story.id, search(await written(story))))
  return found
}

const inEvents = ({ search, events }: World): string[] =>
  events
    .filter(({ eventId }) => eventId !== null)
    .flatMap(({ type, key, suspect }) => tell(`${type} ${key}`, search(suspect)))

const A_PHONE = '"phone":"+254733900001"'

export const secretRules: Rule[] = [
  {
    name: 'no log says a phone or a secret',
    kind: 'wrong',
    broken: inLogs,
    plant: (world) => ({
      ...world,
      readLogs: async () => [...(await world.readLogs()), { name: 'planted.log', text: A_PHONE }],
    }),
  },
  {
    name: 'no story keeps a phone or a secret in clear',
    kind: 'wrong',
    broken: inStories,
    plant: (world) => ({ ...world, written: async () => A_PHONE }),
  },
  {
    name: 'no event says a phone or a secret',
    kind: 'wrong',
    broken: inEvents,
    plant: (world) => ({
      ...world,
      events: world.events.map((one) => ({ ...one, suspect: A_PHONE })),
    }),
  },
]
