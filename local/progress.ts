import { Listr, PRESET_TIMER } from 'listr2'
import type { Say } from './programs.ts'

/** A piece of work that the person at the keyboard watches; it may answer with a closing remark. */
export type Step = { title: string; run: (say: Say) => Promise<string> }

const PLAIN_LINE_EVERY_MS = 10_000

/** Runs the steps side by side; the first failure is thrown, the others go on by themselves. */
export const runSteps = async (steps: Step[]): Promise<void> => {
  const list = new Listr(
    steps.map(({ title, run }) => ({
      title,
      task: async (_context: unknown, task: { title: string; output: string }) => {
        const remark = await run(throttle((line) => (task.output = line)))
        task.title = `${title}: ${remark}`
      },
    })),
    {
      concurrent: true,
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, collapseErrors: false, showErrorMessage: false },
      fallbackRenderer: 'simple',
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  )
  await list.run()
}

/** In a log file a line every ten seconds is enough; a terminal redraws one line. */
const throttle = (say: Say): Say => {
  if (process.stdout.isTTY) return say
  let last = Date.now()
  return (line) => {
    if (Date.now() - last < PLAIN_LINE_EVERY_MS) return
    last = Date.now()
    say(line)
  }
}
