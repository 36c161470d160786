/** Turns a queued notice about a customer's credit into the mail or SMS it is. */
import type { CreditNoticeFacts, QueuedCreditNotice } from '../db/credit-notices.ts'
import { fromDecimal, ZERO } from '../domain/money.ts'
import { buildMessage, type Message } from '../domain/notifications.ts'
import { renderMail } from '../views/emails/message.tsx'
import { CREDIT_PAGE, type OutgoingMail, type OutgoingSms } from './notices.ts'

function messageOf(
  publicUrl: string,
  { template, detail }: QueuedCreditNotice,
  { name, credit, language }: CreditNoticeFacts,
): Message {
  const facts = {
    number: detail.receipt ?? '',
    customerName: name,
    partyName: name,
    amount: fromDecimal(detail.amount ?? '') ?? ZERO,
    total: credit,
    paid: ZERO,
    balance: ZERO,
    deadline: null,
    ended: null,
    late: null,
    reason: null,
    link: `${publicUrl}${CREDIT_PAGE}`,
  }
  return buildMessage(template, facts, language)
}

export async function composeCreditMail(
  publicUrl: string,
  queued: QueuedCreditNotice,
  facts: CreditNoticeFacts,
): Promise<OutgoingMail | null> {
  if (!facts.email) return null
  const message = messageOf(publicUrl, queued, facts)
  const { subject, text } = message
  const html = await renderMail(message, facts.language)
  return { to: facts.email, subject, text, html, messageId: `${queued.id}@gari` }
}

export function composeCreditSms(
  publicUrl: string,
  queued: QueuedCreditNotice,
  facts: CreditNoticeFacts,
): OutgoingSms | null {
  if (!facts.phone) return null
  return { to: facts.phone, text: messageOf(publicUrl, queued, facts).sms, key: queued.id }
}
