/** Rooms of the house and what each asks for at its door: nobody is shown a way into one that would turn them back. */
import type { Viewer } from '../../domain/pages.ts'
import type { Permission } from '../../domain/permissions.ts'

type Room = { path: string; name: string; needs: Permission }

export const FINANCE_ROOMS = [
  { path: '/finance/payments', name: 'Payments', needs: 'payments:read' },
  { path: '/finance/unmatched', name: 'Unmatched', needs: 'payments:read' },
  { path: '/finance/transfers', name: 'Bank transfers', needs: 'bank_transfers:execute' },
  { path: '/finance/day-close', name: 'Day close', needs: 'day_closes:create' },
  { path: '/finance/companies', name: 'Companies', needs: 'companies:update' },
  { path: '/finance/refunds', name: 'Refunds', needs: 'payments:read' },
  { path: '/finance/cases', name: 'Cases', needs: 'payments:read' },
  { path: '/finance/invoices', name: 'Invoices', needs: 'invoices:create' },
  { path: '/finance/ledger', name: 'Ledger', needs: 'ledger:read' },
  { path: '/finance/reconciliation', name: 'Reconciliation', needs: 'reconciliation:read' },
] as const satisfies Room[]

export const PEOPLE_ROOMS = [
  { path: '/admin/people', name: 'People', needs: 'users:read' },
  { path: '/admin/roles', name: 'Roles', needs: 'roles:read' },
  { path: '/admin/audit', name: 'Who changed what', needs: 'audit:read' },
  { path: '/admin/programs', name: 'Programs', needs: 'oauth_clients:create' },
  { path: '/admin/retention', name: 'What goes when', needs: 'retention:read' },
] as const satisfies Room[]

export const roomsFor = (viewer: Viewer, rooms: readonly Room[]): Room[] =>
  rooms.filter(({ needs }) => viewer.permissions.includes(needs))

type NavProps = { viewer: Viewer; rooms: readonly Room[]; label: string; here: string }

export const RoomNav = ({ viewer, rooms, label, here }: NavProps) => {
  const open = roomsFor(viewer, rooms)
  if (open.length === 0) return null
  return (
    <nav class="rooms" aria-label={label}>
      {open.map(({ path, name }) => (
        <a href={path} aria-current={path === here ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  )
}
