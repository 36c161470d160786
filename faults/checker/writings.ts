/** What Gari's processes wrote into their logs, and what Temporal keeps of a story: its bytes as they are, nothing decrypted. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import type { Search } from './secrets.ts'

const { History } = proto.temporal.api.history.v1

/** Byte for byte a sign, so that what is not text is searched as well. */
const ENCODING = 'latin1'

export type Log = { name: string; text: string }

/** In this folder only Gari's own processes write: Kafka, Temporal, PostgreSQL and the simulators have others. */
export async function readLogs(folder: string): Promise<Log[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), ENCODING) })),
  )
}

export type Tale = {
  /** What went wrong with its tasks, in Temporal's words. */
  troubles: string[]
  /** All of it, where anything in it looks like what must not stand there; otherwise empty, because there are thousands. */
  suspect: string
}
type Run = { id: string; runId: string }

/** Each run is fetched once, whoever asks about it. */
export function tellTales(temporal: Client, search: Search): (run: Run) => Promise<Tale> {
  const known = new Map<string, Promise<Tale>>()
  return (run) => {
    const tale = known.get(run.runId) ?? readTale(temporal, search, run)
    known.set(run.runId, tale)
    return tale
  }
}

async function readTale(temporal: Client, search: Search, { id, runId }: Run): Promise<Tale> {
  const history = await temporal.workflow.getHandle(id, runId).fetchHistory()
  const text = `${id} ${Buffer.from(History.encode(history).finish()).toString(ENCODING)}`
  const troubles = (history.events ?? []).flatMap(
    ({ workflowTaskFailedEventAttributes: failed }) =>
      failed ? [`${failed.cause ?? '?'} ${failed.failure?.message ?? ''}`] : [],
  )
  return { troubles, suspect: search(text).length > 0 ? text : '' }
}
