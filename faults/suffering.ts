/** One fault: people at work, then it happens, then all is healed, and somebody comes afterwards. */
import { setTimeout as rest } from 'node:timers/promises'
import type { Fault } from './catalogue/fault.ts'
import { rateBetween, untilRecovered } from './measuring.ts'
import { createScene, heal, type Course, type Stage } from './stage.ts'
import { tellSuffered } from './telling.ts'

/** What one fault did. */
export type Suffered = {
  number: number
  name: string
  promise: string
  /** Answered actions per second before the fault, and while it lasted. */
  calm: number
  meanwhile: number
  /** Until the healing began. */
  lastedMs: number
  /** From the healing until somebody who came after it had their booking confirmed. Null: nobody had within the limit. */
  recoveredMs: number | null
  /** Of the fault's own promise. */
  complaints: string[]
}

/** From a standstill to the usual bustle. */
const GATHER_MS = 3_000
/** After another fault they are at work already; what is beneath this is a lull of the last healing. */
const SHORT_GATHER_MS = 500

export async function suffer(stage: Stage, fault: Fault, calmMs: number): Promise<Suffered> {
  const { house, crowd, say } = stage
  const { number, name, promise } = fault
  const complaints: string[] = []
  say(`${number}. ${name}`)
  crowd.begin()
  await rest(stage.isShort ? SHORT_GATHER_MS : GATHER_MS)
  const before = Date.now()
  await rest(calmMs)
  const calm = rateBetween(stage, before, Date.now())
  const course: Course = { began: Date.now(), complaints, later: [], healing: null }
  await fault.happen(createScene(stage, course)).catch((error: unknown) => {
    complaints.push(`the fault itself failed: ${String(error).slice(0, 300)}`)
  })
  const healing = course.healing ?? { at: Date.now(), wholeAt: null }
  const meanwhile = rateBetween(stage, course.began, healing.at)
  await heal(house).catch((error: unknown) => void complaints.push(`not healed: ${String(error)}`))
  const recoveredMs = await untilRecovered(stage, healing)
  for (const look of course.later)
    await look(healing.at).catch((error: unknown) => void complaints.push(String(error)))
  const lastedMs = healing.at - course.began
  const suffered = { number, name, promise, calm, meanwhile, lastedMs, recoveredMs, complaints }
  say(tellSuffered(suffered))
  return suffered
}
