/** A component's HTML, as the API sends it. */
import type { Child } from 'hono/jsx'
import { html } from 'hono/html'

export const render = async (page: Child): Promise<string> => {
  const text = await html`${page}`
  return text.toString()
}
