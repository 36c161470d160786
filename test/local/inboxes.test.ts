import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createTransport } from 'nodemailer'
import { startSimulators, type Simulators } from '../../local/simulators.ts'
import { newHome } from './simulator-driver.ts'

const ports = { daraja: 0, mailbox: 0, smtp: 0, sms: 0, etims: 0 }
const home = newHome()
let local: Simulators

beforeAll(async () => {
  local = await startSimulators({ home, ports })
})
afterAll(() => local.stop())

const items = async (url: string) =>
  ((await (await fetch(url)).json()) as { items: Record<string, unknown>[] }).items

const sendSms = (fields: Record<string, string>, apiKey = local.env.SMS_API_KEY ?? '') =>
  fetch(`${local.links.sms}/version1/messaging`, {
    method: 'POST',
    headers: { apiKey, Accept: 'application/json' },
    body: new URLSearchParams(fields),
  })

test('a mail is caught, listed, shown in a sandbox, and there after a restart', async () => {
  const mail = createTransport(local.env.SMTP_URL)
  await mail.sendMail({
    from: 'gari <hello@gari.example>',
    to: 'wanjiku@example.com',
    bcc: 'audit@example.com',
    subject: 'Confirmed: RSV-26-000123',
    text: 'Karibu',
    html: '<h1>Karibu</h1><script>alert(1)</script>',
    attachments: [{ filename: 'booking.ics', content: 'BEGIN:VCALENDAR' }],
  })
  mail.close()
  const [caught] = await items(`${local.links.mailbox}/messages.json?to=WANJIKU@example.com`)
  expect(caught).toMatchObject({
    subject: 'Confirmed: RSV-26-000123',
    to: ['wanjiku@example.com', 'audit@example.com'],
    text: expect.stringContaining('Karibu'),
  })
  const page = `${local.links.mailbox}/messages/${String(caught?.id)}`
  expect(await (await fetch(page)).text()).toContain('<iframe sandbox=""')
  const shown = await fetch(`${page}/html`)
  expect(shown.headers.get('Content-Security-Policy')).toMatch(/^sandbox; default-src 'none'/)
  expect(await (await fetch(`${page}/attachments/0`)).text()).toContain('BEGIN:VCALENDAR')
  expect(await items(`${local.links.mailbox}/messages.json?subject=refused`)).toHaveLength(0)

  await local.stop()
  local = await startSimulators({ home, ports })
  expect(await items(`${local.links.mailbox}/messages.json`)).toHaveLength(1)
})

test('an SMS is answered as Africa’s Talking answers, and listed by phone', async () => {
  const fields = { username: 'sandbox', to: '+254712345678,12', message: 'Karibu', from: 'GARI' }
  const sent = await sendSms(fields)
  expect(sent.status).toBe(201)
  expect(await sent.json()).toEqual({
    SMSMessageData: {
      Message: 'Sent to 1/2 Total Cost: KES 0.8000',
      Recipients: [
        {
          statusCode: 101,
          number: '+254712345678',
          status: 'Success',
          cost: 'KES 0.8000',
          messageId: expect.stringMatching(/^ATXid_/),
        },
        {
          statusCode: 403,
          number: '12',
          status: 'InvalidPhoneNumber',
          cost: '0',
          messageId: 'None',
        },
      ],
    },
  })
  const messages = await items(`${local.links.sms}/messages.json?to=0712345678`)
  expect(messages[0]).toMatchObject({ to: '+254712345678', from: 'GARI', text: 'Karibu' })
  expect(await (await fetch(local.links.sms)).text()).toContain('Karibu')
})

test('a wrong key and a missing field are refused in plain text', async () => {
  const wrong = await sendSms({ username: 'sandbox', to: '+254712345678', message: 'x' }, 'no')
  expect([wrong.status, await wrong.text()]).toEqual([
    401,
    'The supplied authentication is invalid',
  ])
  const missing = await sendSms({ username: 'sandbox', message: 'x' })
  expect([missing.status, await missing.text()]).toEqual([
    400,
    "Request is missing required form field 'to'",
  ])
})

test('the pages know where the other pages are', async () => {
  expect(await (await fetch(local.links.phones)).text()).toContain(`href="${local.links.sms}"`)
})
