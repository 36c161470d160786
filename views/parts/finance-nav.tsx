/** The rooms of finance, at the top of each of its pages. */
const ROOMS = [
  { path: '/finance/payments', name: 'Payments' },
  { path: '/finance/unmatched', name: 'Unmatched' },
  { path: '/finance/transfers', name: 'Bank transfers' },
  { path: '/finance/day-close', name: 'Day close' },
  { path: '/finance/companies', name: 'Companies' },
  { path: '/finance/refunds', name: 'Refunds' },
  { path: '/finance/cases', name: 'Cases' },
  { path: '/finance/invoices', name: 'Invoices' },
  { path: '/finance/ledger', name: 'Ledger' },
  { path: '/finance/reconciliation', name: 'Reconciliation' },
] as const

export type FinanceRoom = (typeof ROOMS)[number]['path']

export const FinanceNav = ({ here }: { here: FinanceRoom }) => (
  <nav class="rooms" aria-label="Finance">
    {ROOMS.map(({ path, name }) => (
      <a href={path} aria-current={path === here ? 'page' : undefined}>
        {name}
      </a>
    ))}
  </nav>
)
