/** Who changed what, when, why and from where; and that nobody has changed what stands here. */
import { FLAW_WORDS, wasChanged } from '../domain/audit-chain.ts'
import { actionText, changesOf, type AuditLine, type AuditPage } from '../domain/audit-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { HOUR_MS } from '../domain/time.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { TextField } from './parts/form.tsx'
import { whole } from './parts/numbers.ts'
import { PeopleNav } from './parts/people-nav.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { Chip } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')
/** A night may be made up for until noon. */
const LATE_MS = 36 * HOUR_MS
type Props = { page: AuditPage; viewer: Viewer }

const Chain = ({ page }: { page: AuditPage }) => {
  const { head, lastCheck, now } = page
  const flaw = lastCheck?.flaws[0]
  const isLate = lastCheck !== null && now.getTime() - lastCheck.finishedAt.getTime() > LATE_MS
  return (
    <section class="card" aria-labelledby="chain">
      <h2 id="chain">Is it as it was written?</h2>
      {isLate && <Chip tone="attention" text="Not checked for a day and a half" />}
      {flaw && lastCheck ? (
        <p>
          <Chip
            tone="attention"
            text={wasChanged(lastCheck) ? 'It was changed' : 'Not all of it is sealed'}
          />{' '}
          {`${lastCheck.flaws.length === 1 ? 'One place' : `${whole(lastCheck.flaws.length)} places; the first`}: ${flaw.entryId ? `entry ${flaw.entryId}` : `link ${whole(flaw.position ?? 0)}`} ${FLAW_WORDS[flaw.kind]}.`}
        </p>
      ) : (
        lastCheck && !isLate && <Chip tone="good" text="As it was written" />
      )}
      <p class="quiet">
        {`${whole(head.position)} entries are sealed. `}
        {lastCheck ? (
          <>
            Last checked <Time at={lastCheck.finishedAt} now={now} />
            {lastCheck.published === null
              ? ', without Kafka: whether its end was cut off is not known.'
              : `, against ${whole(lastCheck.published)} published seals.`}
            {lastCheck.lostHeads > 0 &&
              ` ${whole(lastCheck.lostHeads)} of them are of a time that a restore has lost: was there one?`}
          </>
        ) : (
          'It is checked every night; no night has passed yet.'
        )}
      </p>
    </section>
  )
}

const Filters = ({ page: { form } }: { page: AuditPage }) => (
  <form action="/admin/audit" method="get" class="audit-filters" role="search">
    {(
      [
        ['who', 'Who', 'Name, e-mail or phone'],
        ['about', 'About', 'RSV-26-000123, a person’s e-mail, an id'],
        ['action', 'What was done', 'refund, or refund.approved'],
        ['from', 'From', undefined],
        ['to', 'To', undefined],
      ] as const
    ).map(([path, label, hint]) => (
      <TextField
        path={path}
        type={path === 'from' || path === 'to' ? 'date' : 'text'}
        label={label}
        hint={hint}
        value={form[path]}
        problems={[]}
        t={t}
        optional
      />
    ))}
    <button type="submit" class="button button-small">
      Search
    </button>
  </form>
)

/** People and companies are named by what others may be named as well. */
const NAMED = ['user', 'company']

const aboutPath = ({ entity, entityId, number }: AuditLine): string => {
  const about = NAMED.includes(entity) || !number ? entityId : number
  return `/admin/audit?${new URLSearchParams({ about }).toString()}`
}

const Row = ({ row, now }: { row: AuditLine; now: Date }) => {
  const changes = changesOf(row)
  return (
    <tr>
      <td class="nowrap">
        <Time at={row.at} now={now} />
      </td>
      <td class="name">{row.actorName || row.actor}</td>
      <td class="whole">{actionText(row.action)}</td>
      <td class="subject whole">
        <a href={aboutPath(row)}>{row.number || row.entityId}</a>
      </td>
      <td class="whole">
        {changes.map(({ field, was, is }) => (
          <div class="change">{row.before ? `${field}: ${was} → ${is}` : `${field}: ${is}`}</div>
        ))}
        {row.why && <div>{`“${row.why}”`}</div>}
      </td>
      <td class="subject whole">{row.origin ?? ''}</td>
    </tr>
  )
}

const olderPath = ({ form, next }: AuditPage): string => {
  const set = Object.entries({ ...form, cursor: next ?? '' }).filter(([, value]) => value !== '')
  return `/admin/audit?${new URLSearchParams(set).toString()}`
}

export const AuditView = ({ page, viewer }: Props) => (
  <Layout viewer={viewer} title="Audit" width="wide">
    <PeopleNav viewer={viewer} here="/admin/audit" />
    <h1>Who changed what</h1>
    <Chain page={page} />
    <Filters page={page} />
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>Nothing matches</h2>
        <p>
          <a href="/admin/audit">Show everything</a>
        </p>
      </div>
    ) : (
      <StaffTable label="Audit" heads={['Time', 'Who', 'What', 'About', 'Changed', 'From where']}>
        {page.rows.map((row) => (
          <Row row={row} now={page.now} />
        ))}
      </StaffTable>
    )}
    {page.next && (
      <p class="page-links">
        <a href={olderPath(page)}>Older entries</a>
      </p>
    )}
  </Layout>
)
