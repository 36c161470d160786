/** Operations: which parts are up, what waits, what is parked and needs a person. */
import { Csrf, Hidden } from './parts/form.tsx'
import type { Viewer } from '../domain/pages.ts'
import type { PartStatus, StatusPage } from '../domain/staff-pages.ts'
import { Layout } from './layout.tsx'
import { Chip, type Tone } from './parts/status-chip.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const HEALTH: Record<PartStatus['health'], { tone: Tone; text: string }> = {
  up: { tone: 'good', text: 'Up' },
  down: { tone: 'attention', text: 'Down' },
  off: { tone: 'ended', text: 'Off' },
}
const isWebAddress = (text: string): boolean => /^https?:\/\//.test(text)

const PartRow = ({ part }: { part: PartStatus }) => (
  <tr>
    <th scope="row">{part.name}</th>
    <td>
      <Chip {...HEALTH[part.health]} />
    </td>
    <td class="name">
      {part.address && isWebAddress(part.address) ? (
        <a href={part.address}>{part.address}</a>
      ) : (
        (part.address ?? '')
      )}
    </td>
    <td>{part.version ?? ''}</td>
    <td class="name">{part.detail ?? ''}</td>
  </tr>
)

const Parts = ({ parts }: { parts: PartStatus[] }) => (
  <section class="card" aria-labelledby="parts">
    <h2 id="parts">Parts</h2>
    <StaffTable labelledBy="parts" bare heads={['Part', 'Health', 'Address', 'Version', 'Detail']}>
      {parts.map((part) => (
        <PartRow part={part} />
      ))}
    </StaffTable>
  </section>
)

type Action = { workflowId: string; viewer: Viewer }

/** The two updates a parked workflow takes; it refuses both when it goes on by itself meanwhile. */
const ParkedActions = ({ workflowId, viewer }: Action) => (
  <div class="row-links">
    <form method="post" action="/admin/operations/retry">
      <Csrf viewer={viewer} />
      <Hidden name="workflow_id" value={workflowId} />
      <button type="submit" class="button button-second">
        Try the step again
      </button>
    </form>
    <form method="post" action="/admin/operations/resolve">
      <Csrf viewer={viewer} />
      <Hidden name="workflow_id" value={workflowId} />
      <label>
        How it was resolved <input name="reason" required maxlength={500} autocomplete="off" />
      </label>
      <label>
        M-Pesa receipt, if money came{' '}
        <input name="receipt" maxlength={10} pattern="[A-Za-z0-9]{10}" autocomplete="off" />
      </label>
      <button type="submit" class="button button-second">
        Settle by hand
      </button>
    </form>
  </div>
)

const Parked = ({ page, viewer }: { page: StatusPage; viewer: Viewer }) => (
  <section class="card" aria-labelledby="parked">
    <h2 id="parked">{`Needs attention (${page.parked.length})`}</h2>
    {page.parked.length === 0 ? (
      <p class="quiet">Nothing is parked. Every workflow goes on by itself.</p>
    ) : (
      <ul class="parked">
        {page.parked.map((one) => (
          <li>
            <p>
              {one.url && isWebAddress(one.url) ? (
                <a href={one.url}>{one.workflowId}</a>
              ) : (
                <strong>{one.workflowId}</strong>
              )}
            </p>
            <p class="quiet">
              since <Time at={one.since} now={page.now} />
            </p>
            <p class="typed">{one.details}</p>
            {page.mayResolve && <ParkedActions workflowId={one.workflowId} viewer={viewer} />}
          </li>
        ))}
      </ul>
    )}
  </section>
)

/** In words; a kind that is not here is shown by its name. */
const ALARMS: Record<string, string> = {
  callback_unknown_source:
    'Callbacks with the right secret from an address that is not on Safaricom’s list',
  callback_forged_path: 'Callbacks to an address that is not secret',
  callback_disagrees: 'Callbacks that disagree with what we asked for',
  receipt_reused: 'A receipt that belongs to another payment',
  refund_result_disagrees: 'Results of refunds that disagree with what we sent',
  reconciliation_stuck: 'Comparisons with M-Pesa that have not finished for two hours',
  audit_changed: 'The audit is not as it was written (npm run audit:check says where)',
  audit_not_sealed:
    'Entries of the audit wait for their seal: does a worker with the role schedules run?',
  audit_missed: 'The audit has not been checked for a day and a half',
  result_without_refund: 'Results of refunds that nobody waits for',
}

const Alarms = ({ page }: { page: StatusPage }) =>
  page.alarms.length === 0 ? null : (
    <section class="card" aria-labelledby="alarms">
      <h2 id="alarms">Noticed in the last 24 hours</h2>
      <ul class="alarms">
        {page.alarms.map(({ kind, times, last }) => (
          <li>
            {`${ALARMS[kind] ?? kind}: ${times}×, last `}
            <Time at={last} now={page.now} />
          </li>
        ))}
      </ul>
    </section>
  )

type OutageProps = { outage: NonNullable<StatusPage['outage']>; now: Date }

const Outage = ({ outage, now }: OutageProps) => (
  <div class="card notice" role="alert">
    <h2>M-Pesa cannot be reached</h2>
    <p>
      {'Since '}
      <Time at={outage.since} now={now} />
      {`. ${outage.waiting} ${outage.waiting === 1 ? 'request waits' : 'requests wait'} and go out by themselves when it is back; unpaid bookings keep their cars until then.`}
    </p>
  </div>
)

export const StatusView = ({ page, viewer }: { page: StatusPage; viewer: Viewer }) => {
  const down = page.parts.filter((part) => part.health === 'down').length
  return (
    <Layout viewer={viewer} title="Operations" width="wide">
      <h1>{down === 0 ? 'Everything is up' : `${down} of ${page.parts.length} parts are down`}</h1>
      <p>
        {`Events waiting to be published: ${page.outboxWaiting}. As of `}
        <Time at={page.now} />.
      </p>
      {page.temporalUrl && isWebAddress(page.temporalUrl) && (
        <p class="page-links">
          <a href={page.temporalUrl}>Every workflow, in Temporal</a>
        </p>
      )}
      {page.outage && <Outage outage={page.outage} now={page.now} />}
      <Parked page={page} viewer={viewer} />
      <Alarms page={page} />
      <Parts parts={page.parts} />
    </Layout>
  )
}
