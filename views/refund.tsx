/** One refund, and what the person who looks at it may do. */
import type { Child } from 'hono/jsx'
import type { RefundPage } from '../domain/refund-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { ErrorSummary } from './parts/form.tsx'
import { field, RefundDeed as Deed, type RefundProps as Props } from './parts/refund-deed.tsx'
import { PaidByHand, SaidByHand } from './parts/refund-by-hand.tsx'
import { Steps } from './parts/steps.tsx'
import { Time } from './parts/times.tsx'
import { METHOD, RefundChip, refundTitle } from './refunds.tsx'
import { whyWords } from './why-words.ts'

const t = speak('en')

const Fact = ({ name, children }: { name: string; children: Child }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)

const Facts = ({ page: { refund, now } }: Props) => (
  <section class="card" aria-label="Facts">
    <p aria-live="polite">
      <RefundChip status={refund.status} />
    </p>
    <dl class="fact-list">
      {refund.customerName && <Fact name="Customer">{refund.customerName}</Fact>}
      <Fact name="Why">{whyWords(refund.reason)}</Fact>
      <Fact name="Asked by">
        {refund.askedBy}, <Time at={refund.requestedAt} now={now} />
      </Fact>
      <Fact name="Way">
        {METHOD[refund.method]}
        {refund.maskedPhone && <span class="nowrap">{` to ${refund.maskedPhone}`}</span>}
        {refund.companyName ? ` (${refund.companyName})` : ''}
      </Fact>
      {refund.named && (
        <Fact name="To go to">
          {refund.named.maskedPhone}, named by {refund.named.by}
        </Fact>
      )}
      {refund.secondPersonWhy && <Fact name="Second person">{refund.secondPersonWhy}</Fact>}
      {refund.decidedBy && (
        <Fact name="Decided by">
          {refund.decidedBy}
          {refund.decisionNote ? `: ${refund.decisionNote}` : ''}
        </Fact>
      )}
      {refund.providerCode && <Fact name="M-Pesa’s last refusal">{refund.providerCode}</Fact>}
      {refund.receipt && <Fact name="M-Pesa’s receipt">{refund.receipt}</Fact>}
      {refund.processedAt && (
        <Fact name="Paid back">
          <Time at={refund.processedAt} now={now} />
        </Fact>
      )}
    </dl>
  </section>
)

const DecidePhone = (props: Props) => (
  <>
    <Deed {...props} deed="approve" title="Agree to the phone" button="Pay to this phone">
      <p class="quiet">Only after you, too, are sure whose it is. It is sent at once.</p>
    </Deed>
    <Deed {...props} deed="decline" title="Decline the phone" button="Not to this phone">
      {field(props.page, 'note', 'Why not')}
    </Deed>
  </>
)

const Decide = (props: Props) => {
  const { isOwn, refund } = props.page
  if (isOwn)
    return (
      <p class="notice">
        {refund.named
          ? 'You asked for this refund or named the phone, so somebody else must agree.'
          : 'You asked for this refund, so somebody else must decide about it.'}
      </p>
    )
  if (refund.named) return <DecidePhone {...props} />
  return (
    <>
      <Deed {...props} deed="approve" title="Approve" button="Approve this refund">
        <p class="quiet">The money is set aside and sent at once.</p>
      </Deed>
      <Deed
        {...props}
        deed="decline"
        title="Decline"
        button="Decline this refund"
        look="button-danger"
      >
        {field(props.page, 'note', 'Why not')}
      </Deed>
    </>
  )
}

/** Names what the live part shows; it is sent back as `?v=`, so that nothing moves while nothing changes. */
export const refundVersion = ({ refund, steps, may, hand, stuck }: RefundPage): string =>
  [
    refund.status,
    refund.method,
    steps.length,
    stuck?.length ?? 0,
    hand?.status,
    ...Object.values(may),
  ].join('.')

const isOver = ({ refund }: RefundPage): boolean =>
  refund.status === 'settled' || refund.status === 'declined'

/** Whoever waits for M-Pesa, or for the second person, sees it without a reload. */
export const RefundLive = (props: Props) => {
  const { page } = props
  const { refund, may } = page
  const asks = isOver(page)
    ? {}
    : {
        'hx-get': `/finance/refunds/${refund.id}/live?v=${encodeURIComponent(refundVersion(page))}`,
        'hx-trigger': 'every 2s',
        'hx-swap': 'outerMorph',
      }
  return (
    <div id="refund-live" class="two-columns" {...asks}>
      <div>
        {page.stuck && <p class="notice">{page.stuck}</p>}
        <Facts {...props} />
        {may.decideHand && <SaidByHand {...props} />}
        {may.decide && <Decide {...props} />}
        {may.payCash && (
          <Deed {...props} deed="cash" title="Pay out in cash" button="I have paid it out">
            <p class="quiet">It leaves the drawer of your open till.</p>
          </Deed>
        )}
        {may.name && (
          <Deed
            {...props}
            deed="phone"
            title="Pay to another phone"
            button="Name this phone"
            look="button-second"
          >
            {field(
              page,
              'phone',
              'Mobile number',
              'Only after you have spoken with its owner. Another person must agree.',
            )}
          </Deed>
        )}
        {may.resolve && <PaidByHand {...props} />}
      </div>
      <Steps steps={page.steps} now={page.now} />
    </div>
  )
}

export const RefundView = (props: Props) => {
  const { page, viewer } = props
  const { refund } = page
  return (
    <Layout viewer={viewer} title={refundTitle(refund)} width="wide" live>
      <FinanceNav viewer={viewer} here="/finance/refunds" />
      <h1>{refundTitle(refund)}</h1>
      <ErrorSummary problems={page.problems} t={t} />
      <RefundLive {...props} />
      <p class="page-links">
        {refund.paymentId && viewer.seesPayments && (
          <a href={`/finance/payments/${refund.paymentId}`}>Its payment</a>
        )}
        {page.workflowUrl?.startsWith('http') && <a href={page.workflowUrl}>Its workflow</a>}
      </p>
    </Layout>
  )
}
