import type { Clock } from './clock.ts'
import type { Request } from './money/entries.ts'
import type { Mood } from './moods.ts'
import type { Posts } from './notices/posts.ts'
import { resultBody, timeoutBody, type Verdict } from './notices/result.ts'
import type { Settings } from './settings.ts'

type Asked = Pick<
  Request,
  'conversationId' | 'originatorConversationId' | 'resultUrl' | 'timeoutUrl'
>

/**
 * What becomes of a request of the API operator after it was accepted. It waits, it is executed, and its
 * verdict is told; or it waits too long, and then only that is told. A request that waited too long may
 * still be executed later.
 */
export type Requests = {
  /** `execute` is called at most once, when the verdict falls; null means that there is nothing to tell. */
  run: (asked: Asked, mood: Mood, execute: () => Verdict | null) => void
  tell: (asked: Asked, verdict: Verdict, mood: Mood) => void
}

type Parts = { settings: Settings; clock: Clock; posts: Posts }

export const createRequests = ({ settings, clock, posts }: Parts): Requests => {
  const tell = (asked: Asked, verdict: Verdict, mood: Mood): void => {
    const { conversationId: id, resultUrl: url } = asked
    void posts.send({ id, url, body: resultBody(asked, verdict, mood) }, mood)
  }
  const finish = (asked: Asked, mood: Mood, execute: () => Verdict | null): void => {
    const verdict = execute()
    if (verdict) tell(asked, verdict, mood)
  }
  const timeOut = (asked: Asked, mood: Mood): void => {
    const body = timeoutBody(asked, clock.now(), mood)
    // A dropped result leaves the notice of the time-out alone.
    const { dropCallback: _dropped, ...knobs } = mood
    void posts.send({ url: asked.timeoutUrl, body }, knobs)
  }
  return {
    tell,
    run: (asked, mood, execute) => {
      if (mood.neverResult) return
      clock.after(mood.resultAfterMs ?? settings.resultDelayMs, () => {
        if (!mood.queueTimeout) return finish(asked, mood, execute)
        timeOut(asked, mood)
        const laterMs = mood.executesAfterTimeoutMs
        if (laterMs !== undefined) clock.after(laterMs, () => finish(asked, mood, execute))
      })
    },
  }
}
