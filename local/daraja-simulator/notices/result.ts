import { dummyReceipt, newRequestId } from '../ids.ts'
import type { Mood } from '../moods.ts'
import { PAID, type ResultCode } from '../results.ts'

export type Parameter = { Key: string; Value?: string | number }

/** The verdict on a request of the API operator. */
export type Verdict = {
  code: ResultCode
  desc: string
  at: Date
  /** Null when nothing was moved. */
  receipt: string | null
  /** The most telling one first. Only a success has any. */
  parameters: Parameter[]
}

type Asked = { conversationId: string; originatorConversationId: string; timeoutUrl: string }

/** What is posted to the ResultURL. */
export const resultBody = (asked: Asked, verdict: Verdict, mood: Mood): unknown => {
  const { code, desc, receipt, at } = verdict
  const shapes = new Set(mood.resultShapes)
  const originator = shapes.has('other-originator')
    ? newRequestId()
    : asked.originatorConversationId
  return {
    Result: {
      ResultType: 0,
      ResultCode: mood.stringResultCode ? String(code) : code,
      ResultDesc: mood.resultDesc ?? desc,
      OriginatorConversationID: originator,
      ConversationID: asked.conversationId,
      TransactionID: receipt ?? dummyReceipt(at),
      ...(code === PAID ? { ResultParameters: shaped(verdict.parameters, shapes) } : {}),
      ...referenceData(asked, shapes),
    },
  }
}

/** What is posted to the QueueTimeOutURL. Its shape is not documented; both of these are expected by clients. */
export const timeoutBody = (asked: Asked, at: Date, mood: Mood): unknown => {
  const notice = {
    ResultType: 1,
    ResultCode: '1',
    ResultDesc: 'The request timed out in the queue.',
    OriginatorConversationID: asked.originatorConversationId,
    ConversationID: asked.conversationId,
    TransactionID: dummyReceipt(at),
  }
  const shapes = new Set(mood.resultShapes)
  if (shapes.has('flat-timeout')) return notice
  return { Result: { ...notice, ...referenceData(asked, shapes) } }
}

type Shapes = ReadonlySet<string>

/** One parameter may come as an object instead of a list, keys may repeat, numbers may be texts. */
const shaped = (parameters: Parameter[], shapes: Shapes) => {
  const typed = shapes.has('text-values') ? parameters.map(asText) : parameters
  const [first] = typed
  if (first && shapes.has('one-object')) return { ResultParameter: first }
  const repeated = first && shapes.has('repeated-keys') ? [...typed, first] : typed
  return { ResultParameter: repeated }
}

const asText = ({ Key, Value }: Parameter): Parameter =>
  Value === undefined ? { Key } : { Key, Value: String(Value) }

const referenceData = ({ timeoutUrl }: Asked, shapes: Shapes) => {
  const item = { Key: 'QueueTimeoutURL', Value: timeoutUrl }
  return { ReferenceData: { ReferenceItem: shapes.has('reference-list') ? [item] : item } }
}
