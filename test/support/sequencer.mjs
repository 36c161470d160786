/**
 * Which file is tested when. The stories that start the whole of Gari wait more than they compute, some for real
 * minutes: they begin first, so that the others run beside them and none is waited for alone at the end.
 */
import Sequencer from '@jest/test-sequencer'

const STARTS_GARI = /[\\/]test[\\/](e2e|faults|money|browser)[\\/]/
const startsGari = ({ path }) => STARTS_GARI.test(path)

export default class WaitingFirst extends Sequencer {
  /** Within each half as jest has it: the longest of the last run first. */
  sort(tests) {
    const sorted = super.sort(tests)
    return [...sorted.filter(startsGari), ...sorted.filter((test) => !startsGari(test))]
  }
}
