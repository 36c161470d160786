/** One entry: what it moved, who posted it and why; and the only way to correct it. */
import type { EntryPage, PostingForm } from '../domain/ledger-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, TextField } from './parts/form.tsx'
import { WaitingCorrection } from './parts/waiting-correction.tsx'
import { Money } from './parts/money.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const t = speak('en')

const Facts = ({ page: { entry, now } }: { page: EntryPage }) => (
  <dl class="fact-list">
    <dt>Posted</dt>
    <dd>
      <Time at={entry.at} now={now} /> by {entry.postedByName}
    </dd>
    <dt>Kind and reference</dt>
    <dd class="subject">
      {entry.kind} {entry.reference}
    </dd>
    {entry.reverses && (
      <>
        <dt>Reverses</dt>
        <dd>
          <a href={`/finance/ledger/entries/${entry.reverses}`}>the wrong entry</a>
        </dd>
      </>
    )}
    {entry.reversedBy && (
      <>
        <dt>Reversed by</dt>
        <dd>
          <a href={`/finance/ledger/entries/${entry.reversedBy}`}>a later entry</a>; it counts no
          more
        </dd>
      </>
    )}
  </dl>
)

const Postings = ({ page: { entry } }: { page: EntryPage }) => (
  <StaffTable label="Postings of this entry" heads={['Account', 'Whose', { number: 'Amount' }]}>
    {entry.postings.map(({ account, name, subject, amount }) => (
      <tr>
        <td>
          <a href={`/finance/ledger/${account}`}>{name}</a>
        </td>
        <td class="subject">{subject}</td>
        <td class="number">
          <Money amount={amount} />
        </td>
      </tr>
    ))}
  </StaffTable>
)

type LineProps = { row: PostingForm; index: number; page: EntryPage }

const AMOUNTS = { debit: 'Debit', credit: 'Credit' } as const

/** Labels stand beside every control: on a phone no column head is in sight. */
const RightLine = ({ row, index, page }: LineProps) => (
  <fieldset class="posting-line">
    <legend class="visually-hidden">{`Line ${index + 1}`}</legend>
    <label>
      Account
      <select name={`account_${index}`}>
        <option value="">none</option>
        {page.accounts.map(({ account, name }) => (
          <option value={account} selected={account === row.account}>
            {name}
          </option>
        ))}
      </select>
    </label>
    {(['debit', 'credit'] as const).map((side) => (
      <label>
        {AMOUNTS[side]}
        <input
          name={`${side}_${index}`}
          value={row[side]}
          inputmode="decimal"
          autocomplete="off"
          placeholder="KSh"
        />
      </label>
    ))}
    <label>
      Whose
      <input name={`subject_${index}`} value={row.subject} autocomplete="off" />
    </label>
  </fieldset>
)

const Correction = ({ page, viewer }: { page: EntryPage; viewer: Viewer }) => (
  <details class="fold card" open={page.problems.length > 0}>
    <summary>Correct this entry</summary>
    <form method="post" action={`/finance/ledger/entries/${page.entry.id}/correct`}>
      <Csrf viewer={viewer} />
      <p>
        The entry stays and is turned round by a new one. This changes the books only: payments,
        refunds and bookings stay as they are.
      </p>
      <TextField
        path="reason"
        label="Why it is wrong"
        value={page.form.reason}
        problems={page.problems}
        maxlength={300}
        t={t}
      />
      <fieldset>
        <legend>What is right (leave empty when nothing should be posted)</legend>
        {page.form.rows.map((row, index) => (
          <RightLine row={row} index={index} page={page} />
        ))}
      </fieldset>
      <button type="submit" class="button">
        Turn the entry round
      </button>
    </form>
  </details>
)

export const EntryView = ({ page, viewer }: { page: EntryPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Ledger entry" width="wide">
    <FinanceNav viewer={viewer} here="/finance/ledger" />
    <h1>{page.entry.description || page.entry.kind}</h1>
    <ErrorSummary problems={page.problems} t={t} />
    <Facts page={page} />
    <Postings page={page} />
    <WaitingCorrection page={page} viewer={viewer} />
    {page.mayCorrect && !page.waiting && !page.entry.reversedBy && !page.entry.reverses && (
      <Correction page={page} viewer={viewer} />
    )}
  </Layout>
)
