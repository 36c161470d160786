/**
 * The runner's own counts in the plain form that any CI can read: into the file of a whole run, which adds them up
 * (local/test.mjs), or as a line of their own.
 */
import { appendFileSync } from 'node:fs'

export default class CountReporter {
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    }
    const file = process.env.GARI_TEST_COUNTS
    if (file) appendFileSync(file, `${JSON.stringify(counts)}\n`)
    else process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
  }
}
