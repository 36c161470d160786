/** Pay pages that stand open: each asks each second what is new, as htmx does, and never twice at once. */
import { Agent, request } from 'node:http'
import { setTimeout as rest } from 'node:timers/promises'
import { percentile } from './measure.ts'

/** `hx-trigger` of the pay page (views/pay.tsx). */
const ASKS_EVERY_MS = 1_000
const ANSWER_MS = 60_000
const NOTHING_NEW = 204
const TURNED_AWAY = 503

type Answer = { status: number; text: string }

/** As browsers hold them: one connection for each page, kept. */
const ask = (agent: Agent, url: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent, timeout: ANSWER_MS }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      )
    })
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${ANSWER_MS} ms`)))
    sent.once('error', reject)
    sent.end()
  })

/** Where the page asks for news; the version that it shows is part of it. */
const liveAddress = (html: string): string | null =>
  /hx-get="([^"]+\/live\?v=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null

export type Asked = {
  pages: number
  perSecond: number
  p50: number
  p99: number
  /** Told to ask again (`api/pages/live-turns.ts`). */
  turnedAway: number
  failed: number
  /** Answers other than "nothing new" and no failure. */
  changed: number
}

const nothingSeen = () => ({ times: [] as number[], turnedAway: 0, failed: 0, changed: 0 })

export type OpenPages = {
  /** What was answered in the next so many seconds. */
  watch(seconds: number): Promise<Asked>
  close(): Promise<void>
}

/** Resolves when every page is loaded and asks. */
export async function openPages(urls: readonly string[]): Promise<OpenPages> {
  const agent = new Agent({ keepAlive: true, maxSockets: urls.length })
  const closing = new AbortController()
  let seen = nothingSeen()

  const page = async (address: string) => {
    while (!closing.signal.aborted) {
      const began = performance.now()
      const status = await ask(agent, address).then(
        (answer) => answer.status,
        () => 0,
      )
      const took = performance.now() - began
      if (status === NOTHING_NEW) seen.times.push(took)
      else if (status === TURNED_AWAY) seen.turnedAway += 1
      else if (status === 200) seen.changed += 1
      else seen.failed += 1
      await rest(Math.max(0, ASKS_EVERY_MS - took))
    }
  }

  const addresses: string[] = []
  for (const url of urls) {
    const { status, text } = await ask(agent, url)
    const live = liveAddress(text)
    if (!live) throw new Error(`${url} answers ${status} and does not ask for news`)
    addresses.push(new URL(live, url).href)
  }
  // Spread over the second: people do not open their pages all at once.
  const pages = addresses.map(async (address, nth) => {
    await rest((nth * ASKS_EVERY_MS) / addresses.length)
    await page(address)
  })
  return {
    watch: async (seconds) => {
      seen = nothingSeen()
      const { times } = seen
      await rest(seconds * 1_000)
      const { turnedAway, failed, changed } = seen
      const sorted = times.toSorted((one, other) => one - other)
      return {
        pages: urls.length,
        perSecond: times.length / seconds,
        p50: percentile(sorted, 0.5),
        p99: percentile(sorted, 0.99),
        turnedAway,
        failed,
        changed,
      }
    },
    close: async () => {
      closing.abort()
      await Promise.all(pages)
      agent.destroy()
    },
  }
}
