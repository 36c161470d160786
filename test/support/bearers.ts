/** Asking the API as one of the sample people. */
import { randomUUID } from 'node:crypto'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { readProblem, type TestApi } from './api.ts'

type Sent = { body?: unknown; headers?: Record<string, string> }

export type Bearer = {
  ask(method: string, path: string, sent?: Sent): Promise<Response>
  /** The JSON of an answer with this status; throws for any other. */
  read<T>(status: number, method: string, path: string, sent?: Sent): Promise<T>
  /** What a refusal says; throws unless it is one with this status. */
  refused(status: number, method: string, path: string, sent?: Sent): Promise<Problem>
}
type Problem = { code: string; detail: string; fields?: { path: string; message: string }[] }

export async function signInAs(api: TestApi, who: string): Promise<Bearer> {
  const email = who === 'customer' ? 'wanjiku@example.com' : `${who}@example.com`
  const answer = await api.post('/auth/login', { email, password: SAMPLE_PASSWORD })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return bearerOf(api, token)
}

export function bearerOf(api: TestApi, token: string): Bearer {
  const ask: Bearer['ask'] = (method, path, { body, headers = {} } = {}) =>
    api.request(path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const expecting = async (status: number, answer: Response): Promise<Response> => {
    if (answer.status === status) return answer
    throw new Error(`${answer.status} and not ${status}: ${await answer.text()}`)
  }
  return {
    ask,
    read: async (status, ...asked) =>
      (await (await expecting(status, await ask(...asked))).json()) as never,
    refused: async (status, ...asked) =>
      (await readProblem(await expecting(status, await ask(...asked)))) as Problem,
  }
}
