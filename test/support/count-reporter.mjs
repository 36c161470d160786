/** Prints the runner's own counts as the last line, in the plain form that any CI can read. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites
    const failed = results.numFailedTests + broken
    const skipped = results.numPendingTests + results.numTodoTests
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${tail}\n`)
  }
}
