/**
 * What Temporal keeps of people. Every payload of every recorded history is opened and searched for phones, e-mails and the names
 * that the recordings were made with. Each place where there is one stands here, with the reason; anything else fails. All of it is
 * encrypted where it lies (gateways/payload-codec.ts), failures with it.
 */
import { describe, expect, it } from '@jest/globals'
import { SAMPLE_PHONES } from '../../local/daraja-simulator/handsets.ts'
import { SAMPLE_PEOPLE } from '../../local/people-data.ts'
import { historyNames, textOf } from './replaying.ts'

const BEFORE_THE_BOOKS =
  'The story itself writes it into the books with its first step; until then it stands nowhere else.'
const THE_PUSH = 'M-Pesa is asked to prompt this phone, and nobody else needs to be asked for it.'
const MAKES_THE_CHILD = 'The payment’s own story begins with it.'
const THE_PAYOUT = 'M-Pesa is asked to pay out to this phone.'
const OF_MPESA =
  'M-Pesa’s name for a push, which in its sandbox ends in the phone; it is asked by it.'
const TYPED =
  'A sentence that somebody typed; recordings put a phone into it to see that it stays encrypted.'

/** Where: what kind of event, of what, and where in its payload. */
const EXCEPTIONS: Record<string, string> = {
  'WORKFLOW_EXECUTION_STARTED reservation parties.phone': BEFORE_THE_BOOKS,
  'WORKFLOW_EXECUTION_STARTED reservation parties.name': BEFORE_THE_BOOKS,
  'WORKFLOW_EXECUTION_STARTED charge parties.phone': BEFORE_THE_BOOKS,
  'WORKFLOW_EXECUTION_STARTED charge parties.name': BEFORE_THE_BOOKS,
  'WORKFLOW_EXECUTION_STARTED charge description': TYPED,
  'WORKFLOW_EXECUTION_STARTED payment phone': BEFORE_THE_BOOKS,
  'WORKFLOW_EXECUTION_STARTED paymentPlan phones.phone': BEFORE_THE_BOOKS,
  'WORKFLOW_EXECUTION_UPDATE_ACCEPTED requestPayment phone': BEFORE_THE_BOOKS,
  'WORKFLOW_EXECUTION_UPDATE_ACCEPTED namePhone phone': BEFORE_THE_BOOKS,
  'START_CHILD_WORKFLOW_EXECUTION_INITIATED payment phone': MAKES_THE_CHILD,
  'ACTIVITY_TASK_SCHEDULED requestStkPush phone': THE_PUSH,
  'ACTIVITY_TASK_SCHEDULED requestPayout phone': THE_PAYOUT,
  'MARKER_RECORDED openRefund phone': THE_PAYOUT,
  'MARKER_RECORDED switchToPayout phone': THE_PAYOUT,
  'ACTIVITY_TASK_COMPLETED  checkoutRequestId': OF_MPESA,
  'ACTIVITY_TASK_SCHEDULED queryStkPush ': OF_MPESA,
  'MARKER_RECORDED readClaim checkoutRequestId': OF_MPESA,
  'MARKER_RECORDED settleFromMessage checkoutRequestId': OF_MPESA,
  'MARKER_RECORDED settleFromQuery checkoutRequestId': OF_MPESA,
  'WORKFLOW_EXECUTION_UPDATE_COMPLETED  checkoutRequestId': OF_MPESA,
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type Event = { eventType: string } & { [key: string]: Json }

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const decode = (data: string): Json => {
  const text = Buffer.from(data, 'base64').toString()
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

type Leaf = { path: string; text: string }

/** Every text with its way there; lists take no part in it. Payloads are opened and begin a way of their own. */
function leavesOf(value: Json, way: string[] = []): Leaf[] {
  if (typeof value === 'string') return [{ path: way.join('.'), text: value }]
  if (Array.isArray(value)) return value.flatMap((one) => leavesOf(one, way))
  if (!isObject(value)) return []
  if (isObject(value['metadata']) && typeof value['data'] === 'string')
    return leavesOf(decode(value['data']))
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, [...way, key]))
}

const NAMES = ['Wanjiku', ...SAMPLE_PEOPLE.map(({ firstName }) => firstName)]
const HANDSETS = SAMPLE_PHONES.map(({ phone }) => phone.slice(-9))
const PHONE = /(?<![0-9A-Za-z-])(?:\+?254|0)[17]\d{8}(?!\d)/
const IN_A_PUSH = /^ws_CO_\d+[17]\d{8}$/

const isPersonal = (text: string): boolean =>
  PHONE.test(text) ||
  IN_A_PUSH.test(text) ||
  /[\w.]@[\w-]+\.[a-z]{2,}/.test(text) ||
  NAMES.some((name) => text.includes(name)) ||
  HANDSETS.some((digits) => text.includes(digits))

const nameIn = (value: Json | undefined): string | null =>
  isObject(value) && typeof value['name'] === 'string' ? value['name'] : null

/** What the event is of: a story, a step or a message. */
function subjectOf(details: { [key: string]: Json }): string {
  const step = leavesOf(details['details'] ?? null).find(({ path }) => path === 'activity_type')
  const request = isObject(details['acceptedRequest']) ? details['acceptedRequest']['input'] : null
  const named = nameIn(details['workflowType']) ?? nameIn(details['activityType'])
  const signal = typeof details['signalName'] === 'string' ? details['signalName'] : null
  return step?.text ?? named ?? signal ?? nameIn(request) ?? ''
}

function placesIn(event: Event): string[] {
  const key = Object.keys(event).find((name) => name.endsWith('Attributes'))
  const details = key ? event[key] : null
  const subject = isObject(details) ? subjectOf(details) : ''
  const kind = event.eventType.replace('EVENT_TYPE_', '')
  return leavesOf(event)
    .filter(({ text }) => isPersonal(text))
    .map(({ path }) => `${kind} ${subject} ${path}`)
}

const found = new Map<string, string>()
for (const name of historyNames()) {
  const { events } = JSON.parse(textOf(name)) as { events: Event[] }
  for (const event of events) for (const place of placesIn(event)) found.set(place, name)
}

describe('what stands in histories of people', () => {
  it('stands at places that are known, for a reason, and nowhere else', () => {
    const others = [...found].filter(([place]) => !Object.hasOwn(EXCEPTIONS, place))
    expect(others).toEqual([])
  })

  it('is not said to stand where nothing stands any more', () => {
    expect(Object.keys(EXCEPTIONS).filter((place) => !found.has(place))).toEqual([])
  })

  it('would be seen', () => {
    const payload = (value: Json) => ({
      metadata: { encoding: '' },
      data: Buffer.from(JSON.stringify(value)).toString('base64'),
    })
    const signalled = (value: Json): Event => ({
      eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
      signalledAttributes: { signalName: 'told', input: { payloads: [payload(value)] } },
    })
    for (const text of ['+254712345678', '0722000111', 'a@example.com', 'of Wanjiku Kamau'])
      expect(placesIn(signalled({ deep: [{ in: text }] }))).toEqual([
        'WORKFLOW_EXECUTION_SIGNALED told deep.in',
      ])
    for (const text of ['RSV-26-000123', '7f3a0722-0001-4c9f-8a52-254799999999', 'KRACU0100000001'])
      expect(placesIn(signalled({ in: text }))).toEqual([])
  })
})
