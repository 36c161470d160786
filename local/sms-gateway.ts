import { Hono, type Context } from 'hono'
import { html } from 'hono/html'
import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile'
import { z } from 'zod'
import type { SmsStore } from './sms-store.ts'

export type SmsAccount = { username: string; apiKey: string }

type Recipient = {
  statusCode: number
  number: string
  status: string
  cost: string
  messageId: string
}

const formSchema = z.object({
  username: z.string().min(1),
  to: z.string().min(1),
  message: z.string().min(1),
  from: z.string().default('AFRICASTKNG'),
})

const PRICE_PER_PART = 0.8
const PART_LENGTH = 160
const INVALID_NUMBER = 403
const SENT = 101

/**
 * Africa's Talking's `POST /version1/messaging`: a form in; 201 with one status per number out, as
 * JSON only when it is asked for and as XML otherwise. Refusals of the whole call are plain text.
 */
export const smsGateway = (store: SmsStore, account: SmsAccount, arrived: () => void) => {
  const app = new Hono()
  app.post('/version1/messaging', async (c) => {
    if (c.req.header('apiKey') !== account.apiKey)
      return c.text('The supplied authentication is invalid', 401)
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('Content-Type') ?? ''))
      return c.text('The request Content-Type is not supported', 415)
    const form = formSchema.safeParse(await c.req.parseBody())
    if (!form.success) {
      const field = String(form.error.issues[0]?.path[0])
      return c.text(`Request is missing required form field '${field}'`, 400)
    }
    const { username, to, message, from } = form.data
    if (username !== account.username) return c.text('The supplied authentication is invalid', 401)
    const recipients = to.split(',').map((number) => send(store, number.trim(), message, from))
    arrived()
    return answer(c, recipients)
  })
  return app
}

const send = (store: SmsStore, number: string, text: string, from: string): Recipient => {
  const parsed = parsePhoneNumberFromString(number, 'KE')
  if (!parsed?.isValid()) {
    const status = 'InvalidPhoneNumber'
    return { statusCode: INVALID_NUMBER, number, status, cost: '0', messageId: 'None' }
  }
  const { id } = store.add({ to: parsed.number, from, text })
  const parts = Math.max(1, Math.ceil(text.length / PART_LENGTH))
  const cost = `KES ${(PRICE_PER_PART * parts).toFixed(4)}`
  return { statusCode: SENT, number: parsed.number, status: 'Success', cost, messageId: id }
}

const answer = async (c: Context, recipients: Recipient[]): Promise<Response> => {
  const sent = recipients.filter(({ statusCode }) => statusCode === SENT)
  const total = sent.reduce((sum, { cost }) => sum + Number(cost.slice('KES '.length)), 0)
  const Message = `Sent to ${sent.length}/${recipients.length} Total Cost: KES ${total.toFixed(4)}`
  if (/\bapplication\/json\b/.test(c.req.header('Accept') ?? ''))
    return c.json({ SMSMessageData: { Message, Recipients: recipients } }, 201)
  const rows = recipients.map(
    (one) =>
      html`<Recipient
        ><number>${one.number}</number><cost>${one.cost}</cost><status>${one.status}</status
        ><statusCode>${one.statusCode}</statusCode
        ><messageId>${one.messageId}</messageId></Recipient
      >`,
  )
  const xml = await html`<AfricasTalkingResponse
    ><SMSMessageData
      ><Message>${Message}</Message><Recipients>${rows}</Recipients></SMSMessageData
    ></AfricasTalkingResponse
  >`
  return c.body(xml.toString(), 201, { 'Content-Type': 'application/xml' })
}
