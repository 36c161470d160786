import { toFormTime } from '../../../domain/time.ts'
import type { LedgerReport } from '../money/report.ts'
import type { Simulator } from '../simulator.ts'
import { kes } from '../texts.ts'

/** What the paybill holds, and its owner's hands on it. */
export const Money = ({ report }: { report: LedgerReport }) => {
  const { balances, transactions, handPayments, payouts } = report
  const paid = transactions.filter(({ status }) => status === 'paid').length
  const done = payouts.filter(({ status }) => status === 'completed').length
  return (
    <section class="card">
      <h2>Money</h2>
      <p>
        Gari’s paybill holds <strong>{kes(balances.merchant)}</strong>.
      </p>
      <dl>
        <dt>Utility account</dt>
        <dd>{kes(balances.utility)}</dd>
        <dt>Working account</dt>
        <dd>{kes(balances.working)}</dd>
        <dt>Charges paid</dt>
        <dd>{kes(balances.chargesPaid)}</dd>
        <dt>Paid on request</dt>
        <dd>{paid}</dd>
        <dt>Paid by hand</dt>
        <dd>{handPayments.length}</dd>
        <dt>Paid out</dt>
        <dd>{done}</dd>
      </dl>
      <form class="new" method="post" action="/_control/move">
        <label>
          Move money
          <select name="way">
            <option value="utility working">Utility to working</option>
            <option value="working utility">Working to utility</option>
            <option value="bank utility">Bank to utility</option>
            <option value="utility bank">Utility to bank</option>
          </select>
        </label>
        <label>
          Shillings
          <input name="amount" inputmode="numeric" pattern="[1-9]\d*" required autocomplete="off" />
        </label>
        <button type="submit" class="plain">
          Move it
        </button>
      </form>
      <p class="hint">
        <a href="/_control/ledger">The whole ledger as JSON</a>
      </p>
    </section>
  )
}

const OPTIONS = [
  ['extraColumns', 'Two more columns'],
  ['twice', 'One line twice'],
  ['failed', 'Failed lines too'],
  ['thousands', 'Commas in amounts'],
  ['masked', 'Masked numbers'],
] as const

/** The export of the organisation's portal. */
export const Statement = ({ now }: { now: Date }) => {
  const today = toFormTime(now).slice(0, 10)
  return (
    <form class="card new" method="get" action="/_control/statement.csv">
      <h2>Organisation statement</h2>
      <label>
        From
        <input type="date" name="from" value={today} />
      </label>
      <label>
        Up to, not with
        <input type="date" name="to" />
      </label>
      <label>
        Account
        <select name="account">
          <option value="utility">Utility</option>
          <option value="working">Working</option>
        </select>
      </label>
      <fieldset>
        <legend>What may surprise a reader</legend>
        {OPTIONS.map(([name, label]) => (
          <label class="check">
            <input type="checkbox" name={name} value="yes" /> {label}
          </label>
        ))}
      </fieldset>
      <button type="submit" class="plain">
        Download the CSV
      </button>
    </form>
  )
}

/** What stands registered, and buttons that need no words beside them. */
export const Switches = ({ simulator }: { simulator: Simulator }) => {
  const { ledger, operator, posts } = simulator
  const { c2bUrls, pullShortCode } = ledger.registrations
  const { wrong, locked } = operator.state()
  return (
    <section class="card">
      <h2>Switches</h2>
      <dl>
        <dt>Payments by hand are told to</dt>
        <dd>
          {c2bUrls ? `${new URL(c2bUrls.confirmationUrl).host} (${c2bUrls.version})` : 'nobody'}
        </dd>
        <dt>Pull</dt>
        <dd>{pullShortCode ? 'registered' : 'not registered'}</dd>
        <dt>API operator</dt>
        <dd>{locked ? 'locked' : `${wrong} wrong credentials`}</dd>
        <dt>Held reports</dt>
        <dd>{posts.held()}</dd>
      </dl>
      <form class="buttons" method="post" action="/_control/switch">
        {SWITCHES.map(([name, label]) => (
          <button class="plain small" name="do" value={name}>
            {label}
          </button>
        ))}
      </form>
    </section>
  )
}

const SWITCHES = [
  ['expire', 'Expire all tokens'],
  ['release', 'Let held reports out'],
  ['release-newest', 'Let them out newest first'],
  ['unlock', 'Unlock the operator'],
  ['forget', 'Forget registrations'],
  ['close', 'Refuse connections for 30 s'],
] as const
