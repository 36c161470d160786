/** Whose booking it is, and how to reach them: masked, until whoever must reach people asks to see it once. */
import type { Viewer } from '../../domain/pages.ts'
import { printedPhone } from '../../domain/payments.ts'
import type { DeskBookingPage } from '../../domain/staff-pages.ts'
import { speak } from '../language.ts'
import { Csrf } from './form.tsx'
import { RiskChip } from './rating.tsx'

const t = speak('en')

type Props = { page: DeskBookingPage; viewer: Viewer }

const Contact = ({ customer }: Pick<DeskBookingPage, 'customer'>) => (
  <>
    {customer.phone && (
      <p>
        {customer.isWhole ? (
          <a href={`tel:${customer.phone.replaceAll(/[^+\d]/g, '')}`}>
            {printedPhone(customer.phone)}
          </a>
        ) : (
          <span class="nowrap">{customer.phone}</span>
        )}
      </p>
    )}
    {customer.email && <p class="name">{customer.email}</p>}
  </>
)

export const CustomerCard = ({ page, viewer }: Props) => (
  <section class="card" aria-labelledby="customer">
    <h2 id="customer">Customer</h2>
    <p class="name">{page.customer.name}</p>
    <Contact customer={page.customer} />
    {page.risk && (
      <p>
        <RiskChip level={page.risk} t={t} />{' '}
        {page.risk === 'high' && 'Take a closer look before you hand over the car. '}
        <a href={`/desk/customers/${page.customer.id}/rating`}>Why</a>
      </p>
    )}
    {page.mayPoints && (
      <p>
        <a href={`/desk/customers/${page.customer.id}/points`}>Loyalty points</a>
      </p>
    )}
    {page.mayReveal && !page.customer.isWhole && (
      <form method="post" action={`/desk/bookings/${page.booking.id}/contact`}>
        <Csrf viewer={viewer} />
        <button class="button button-second button-small">Show phone and e-mail</button>
        <p class="quiet">The audit says who looked, and when.</p>
      </form>
    )}
    {viewer.permissions.includes('customers:read') && (
      <p>
        <a href={`/desk/customers/${page.customer.id}/choices`}>Offers: what they allow</a>
      </p>
    )}
    {page.identityPath && (
      <p>
        <a href={page.identityPath}>Id and licence</a>
      </p>
    )}
    {page.workflowUrl && /^https?:\/\//.test(page.workflowUrl) && (
      <p>
        <a href={page.workflowUrl}>Open its workflow in Temporal</a>
      </p>
    )}
  </section>
)
