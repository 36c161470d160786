/**
 * The environment of tests with a browser. When a page closes, Playwright's own bookkeeping may be refused by the
 * browser that is just closing it; such a promise belongs to nobody, has no line of ours in its stack, and must not
 * fail the test that has said all it had to say. A call a test made itself keeps its stack, and fails it.
 */
import { TestEnvironment } from 'jest-environment-node'

const CLOSED = 'Target page, context or browser has been closed'

export default class BrowserEnvironment extends TestEnvironment {
  handleTestEvent(event, state) {
    if (event.name !== 'error' || !event.promise || !isNobodys(event.error)) return
    state.unhandledRejectionErrorByPromiseTarget?.get(event.promise)?.delete(event.promise)
    process.stdout.write(`left aside: an answer of a closed page (${event.error.message})\n`)
  }
}

const isNobodys = (error) => Boolean(error) && !error.stack && error.message === CLOSED
