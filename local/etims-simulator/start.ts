import { join } from 'node:path'
import type { ShellLinks } from '../shell/layout.tsx'
import { listen } from '../shell/listen.ts'
import { openEtimsBooks } from './books.ts'
import { createEtimsSimulator, ETIMS_DEVICE, ETIMS_SANDBOX } from './simulator.ts'

export type StartedEtims = {
  url: string
  /** What config.ts reads to register with this one. */
  env: Record<string, string>
  stop: () => Promise<void>
}

/** `pin` is the company's, as its documents print it. What was registered is there again at the next start. */
export const startEtims = async (options: {
  home: string
  port: number
  pin?: string | undefined
  links?: () => ShellLinks
}): Promise<StartedEtims> => {
  const { home, port, pin = ETIMS_SANDBOX.pin, links = () => ({}) } = options
  const device = { ...ETIMS_SANDBOX, pin }
  const books = openEtimsBooks(join(home, 'etims', 'documents.jsonl'))
  const listening = await listen(createEtimsSimulator({ device, books, links }).app, port)
  return {
    url: listening.url,
    env: {
      ETIMS_URL: listening.url,
      ETIMS_BRANCH: device.branch,
      ETIMS_KEY: device.key,
      ETIMS_DEVICE,
    },
    stop: async () => {
      await listening.stop()
      books.close()
    },
  }
}
