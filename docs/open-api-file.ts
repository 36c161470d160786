/** docs/openapi/gari.json, made from the routes. A test compares it with what lies on disk. */
import { createApiV1 } from '../api/api-v1.ts'
import type { ApiDeps } from '../api/deps.ts'

/** Describing asks nothing of what routes need when they are asked, but for the time since when they stand. */
const NOTHING = { now: () => new Date(0) } as ApiDeps

export async function openApiFile(): Promise<string> {
  const answer = await createApiV1(NOTHING).request('/openapi.json')
  return `${JSON.stringify(await answer.json(), null, 2)}\n`
}
