import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { createMail } from '../../gateways/mail.ts'

const keep = async (stream: SMTPServerDataStream): Promise<null> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  mails.push(await PostalMime.parse(Buffer.concat(chunks)))
  return null
}

let server: SMTPServer
let smtpUrl: string
let mails: Email[]
beforeEach(async () => {
  mails = []
  server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    onRcptTo: (address, _session, done) =>
      done(address.address.startsWith('nobody') ? new Error('no such mailbox') : null),
    onData: (stream, _session, answer) => {
      void keep(stream).then(() => answer())
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
})
const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
afterEach(stop)

const message = {
  to: 'wanjiru@example.ke',
  subject: 'Booking RSV-26-000123 is confirmed',
  text: 'Karibu — see you on Friday.',
  html: '<p>Karibu — see you on Friday.</p>',
  messageId: 'n-1@gari.example',
}

test('arrives whole, under its own id', async () => {
  const mail = createMail({ smtpUrl, from: 'Gari <hello@gari.example>' })
  expect(await mail.ping()).toBe(true)
  await mail.send(message)
  expect(mails).toHaveLength(1)
  expect(mails[0]).toMatchObject({
    messageId: '<n-1@gari.example>',
    subject: message.subject,
    from: { address: 'hello@gari.example', name: 'Gari' },
    to: [{ address: message.to }],
  })
  expect(mails[0]?.text?.trim()).toBe(message.text)
  expect(mails[0]?.html?.trim()).toBe(message.html)
})

test('rejects what the server does not take, and when there is no server', async () => {
  const mail = createMail({ smtpUrl, from: 'hello@gari.example' })
  await expect(mail.send({ ...message, to: 'nobody@example.ke' })).rejects.toThrow()
  expect(mails).toEqual([])
  await stop()
  const without = createMail({ smtpUrl, from: 'hello@gari.example' })
  expect(await without.ping()).toBe(false)
  await expect(without.send(message)).rejects.toThrow()
})

test('a line break in a header adds no header', async () => {
  const mail = createMail({ smtpUrl, from: 'hello@gari.example' })
  await mail.send({ ...message, subject: 'Hello\r\nBcc: thief@example.com' })
  expect(mails[0]?.bcc ?? []).toEqual([])
})
