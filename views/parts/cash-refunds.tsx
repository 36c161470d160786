/** Refunds that wait for somebody to hand the cash over. */
import type { RefundLine } from '../../domain/refund-pages.ts'
import { Money } from './money.tsx'
import { Time } from './times.tsx'

type Props = {
  rows: Pick<RefundLine, 'id' | 'ownerNumber' | 'amount' | 'requestedAt'>[]
  now: Date
}

export const CashRefunds = ({ rows, now }: Props) => (
  <section class="card" aria-labelledby="cash-refunds">
    <h2 id="cash-refunds">{`Cash to pay out (${rows.length})`}</h2>
    {rows.length === 0 ? (
      <p class="quiet">Nobody waits for cash.</p>
    ) : (
      <ul class="payments">
        {rows.map((row) => (
          <li>
            <div class="payment-line">
              <a class="row-link" href={`/finance/refunds/${row.id}`}>
                {row.ownerNumber}
              </a>
              <Money amount={row.amount} />
            </div>
            <Time at={row.requestedAt} now={now} class="quiet" />
          </li>
        ))}
      </ul>
    )}
  </section>
)
