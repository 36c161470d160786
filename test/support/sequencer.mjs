/**
 * Which file is tested when. The stories that start the whole of Gari wait more than they compute, some for real
 * minutes: they begin first, so that the others run beside them and none is waited for alone at the end.
 */
import Sequencer from '@jest/test-sequencer'

const STARTS_GARI = /[\\/]test[\\/](e2e|faults|money|browser)[\\/]/
/** Short to read and long to run: where no run before has shown it, as in a fresh clone, jest goes by their size. */
const LONGEST = /[\\/]test[\\/]money[\\/]conservation\./
const turnOf = ({ path }) => (LONGEST.test(path) ? 0 : STARTS_GARI.test(path) ? 1 : 2)

export default class WaitingFirst extends Sequencer {
  /** Within each turn as jest has it: the longest of the last run first. */
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => turnOf(one) - turnOf(other))
  }
}
