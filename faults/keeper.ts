/** Keeps processes alive as a supervisor does, except where the test says that one is to stay away. */
import { setTimeout as rest } from 'node:timers/promises'

export type Alive = {
  pid: number
  exited: Promise<string>
  stop: () => Promise<void>
  kill9: () => Promise<void>
}
type Start = () => Promise<Alive>

export type Keeper = {
  /** Resolves when it has started. */
  keep: (name: string, start: Start) => Promise<void>
  /** Dies without a word, as soon as it works, and is started again at once. */
  kill: (name: string) => Promise<void>
  /** Dies and stays dead until `bringBack`. */
  takeDown: (name: string) => Promise<void>
  bringBack: (name: string) => Promise<void>
  /** Asked to end, then started again: as usual, or by `start` until it is restarted without one, or healed. */
  restart: (name: string, start?: Start) => Promise<void>
  /** The same for good: `start` is the usual way from now on. */
  change: (name: string, start: Start) => Promise<void>
  /** For good as well, the new one first, by `start`, which resolves when it is ready; then the old one is asked to end. */
  replace: (name: string, start: Start) => Promise<void>
  /** Stands still and answers nobody, until the answer is called. */
  freeze: (name: string) => () => void
  /** Whoever is away comes back, whoever stands still goes on, and all are as usual again. */
  healAll: () => Promise<void>
  /** Started by the keeper without being asked to. */
  restarts: () => number
  stopAll: () => Promise<void>
}

const PAUSE_MS = 500

/** One process and whoever starts it again. */
class Kept {
  restarts = 0
  private now: Alive | null = null
  /** By which the one that is there was started. */
  private startedBy: Start
  /** By which the next one is. */
  private start: Start
  /** On its way up, and on its way out: both are there when all has to end. */
  private starting: Promise<unknown> = Promise.resolve()
  private leaving: Alive | null = null
  private isWanted = true
  private coming: Promise<void> = Promise.resolve()

  constructor(
    private readonly name: string,
    /** As it is when no fault wants it otherwise. */
    private usual: Start,
    private readonly report: (line: string) => void,
  ) {
    this.start = usual
    this.startedBy = usual
  }

  get alive(): Alive {
    if (!this.now) throw new Error(`${this.name} is not running`)
    return this.now
  }

  /** Rejects when it does not start. */
  async bring(start: Start = this.start): Promise<void> {
    this.start = start
    this.isWanted = true
    const begun = start()
    this.starting = begun.catch(() => undefined)
    const now = await begun
    this.now = now
    this.startedBy = start
    void now.exited.then((why) => this.onExit(now, why))
  }

  async end(how: (now: Alive) => Promise<void>): Promise<void> {
    this.isWanted = false
    await this.coming
    await this.starting
    if (this.now) await how(this.now)
    this.now = null
    if (this.leaving) await how(this.leaving)
    this.leaving = null
  }

  async restart(start: Start = this.usual): Promise<void> {
    await this.end((now) => now.stop())
    await this.bring(start)
  }

  change(start: Start): Promise<void> {
    this.usual = start
    return this.restart()
  }

  /** Once it works again, if it is on its way. */
  async kill(): Promise<void> {
    await this.coming
    await this.alive.kill9()
  }

  async replace(start: Start): Promise<void> {
    const old = this.alive
    this.leaving = old
    try {
      await this.bring(start)
      this.usual = start
      await old.stop()
    } catch (error) {
      this.start = this.usual
      throw error
    } finally {
      this.leaving = null
    }
  }

  freeze(): () => void {
    process.kill(this.alive.pid, 'SIGSTOP')
    return () => this.thaw()
  }

  /** A fault that failed in its middle left it away, unable to start, or with the fault's own settings. */
  async heal(): Promise<void> {
    this.thaw()
    // Whoever tries again and again tries this from now on.
    this.start = this.usual
    await this.coming
    await this.starting
    if (this.now && this.startedBy !== this.usual) await this.end((now) => now.stop())
    if (!this.now) await this.bring()
  }

  private thaw(): void {
    if (this.now) process.kill(this.now.pid, 'SIGCONT')
  }

  private onExit(was: Alive, why: string): void {
    if (this.now !== was) return
    this.now = null
    if (!this.isWanted) return
    this.restarts += 1
    this.report(`${this.name} ended (${why}) and is started again`)
    this.coming = this.bringAgain()
  }

  private async bringAgain(): Promise<void> {
    while (this.isWanted && !this.now) {
      await rest(PAUSE_MS)
      // Taken down for good meanwhile.
      if (!this.isWanted) return
      await this.bring().catch((error: unknown) => this.report(`${this.name}: ${String(error)}`))
    }
  }
}

export function createKeeper(report: (line: string) => void): Keeper {
  const all = new Map<string, Kept>()
  let isOver = false
  const of = (name: string): Kept => {
    // A fault in its middle would bring back what is being stopped.
    if (isOver) throw new Error('the house is being left')
    const found = all.get(name)
    if (!found) throw new Error(`there is no ${name}; there is ${[...all.keys()].join(', ')}`)
    return found
  }
  return {
    keep: async (name, start) => {
      if (isOver) throw new Error('the house is being left')
      const one = new Kept(name, start, report)
      all.set(name, one)
      await one.bring()
    },
    kill: (name) => of(name).kill(),
    takeDown: (name) => of(name).end((now) => now.kill9()),
    bringBack: (name) => of(name).bring(),
    restart: (name, start) => of(name).restart(start),
    change: (name, start) => of(name).change(start),
    replace: (name, start) => of(name).replace(start),
    freeze: (name) => of(name).freeze(),
    healAll: async () => {
      await Promise.all([...all.values()].map((one) => one.heal()))
    },
    restarts: () => [...all.values()].reduce((sum, one) => sum + one.restarts, 0),
    stopAll: async () => {
      isOver = true
      for (const one of [...all.values()].toReversed())
        await one.end((now) => now.stop()).catch((error: unknown) => report(String(error)))
    },
  }
}
