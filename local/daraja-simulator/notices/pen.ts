export type Order = 'oldest-first' | 'newest-first'

/** Notices that wait until somebody lets them out, one after the other. */
export type Pen = {
  hold: (send: () => Promise<void>) => Promise<void>
  /** How many went out. */
  release: (order: Order) => Promise<number>
  size: () => number
}

export const createPen = (): Pen => {
  let waiting: (() => Promise<void>)[] = []
  return {
    hold: (send) =>
      new Promise((resolve, reject) => {
        waiting.push(() => send().then(resolve, reject))
      }),
    release: async (order) => {
      const leaving = waiting
      waiting = []
      for (const send of order === 'newest-first' ? leaving.toReversed() : leaving) await send()
      return leaving.length
    },
    size: () => waiting.length,
  }
}
