/** Payments as rows: amount, whose, what became of it, receipt or reason. */
import type { PaymentLine } from '../../domain/pages.ts'
import { sentenceIn, type Say } from '../language.ts'
import { wasCharged } from '../money-back.ts'
import { Money } from './money.tsx'
import { PaymentChip } from './status-chip.tsx'
import { Time } from './times.tsx'

type Props = { payments: PaymentLine[]; staff: boolean; now: Date; t: Say }

export const PaymentsTable = ({ payments, staff, now, t }: Props) => {
  const safe = staff || wasCharged(payments) ? 'notChargedNow' : 'notCharged'
  return (
    <ul class="payments">
      {payments.map((payment) => (
        <li>
          <div class="payment-line">
            <span>
              <strong>{payment.partyName}</strong>{' '}
              <span class="quiet nowrap">{payment.maskedPhone}</span>
            </span>
            <Money amount={payment.amount} />
          </div>
          <div class="payment-line">
            <Time at={payment.at} language={t.language} now={now} class="quiet" />
            <PaymentChip status={payment.status} t={t} />
          </div>
          {payment.receipt && <p class="quiet">{t('receiptIs', { receipt: payment.receipt })}</p>}
          {payment.status === 'refused' && payment.reason && (
            <p class="quiet">{`${sentenceIn(t.language, payment.reason)} ${t(safe)}`}</p>
          )}
        </li>
      ))}
    </ul>
  )
}
