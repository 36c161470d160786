/**
 * What can be allowed, one sentence each. The rows of `permissions` say the same (a test compares them); which role has which is
 * data that an administrator changes. `own_` is about what belongs to whoever asks.
 */
export const ACTIONS = ['create', 'read', 'update', 'delete', 'execute'] as const
export type Action = (typeof ACTIONS)[number]

export const PERMISSIONS = {
  'own_reservations:create': 'Book for oneself',
  'own_reservations:read': 'See one’s own bookings',
  'own_reservations:update': 'Say what one wishes for one’s own bookings',
  'own_reservations:delete': 'Cancel one’s own bookings',
  'own_payments:create': 'Pay for one’s own bookings and charges',
  'own_payments:read': 'See one’s own payments',
  'own_charges:read': 'See one’s own charges',
  'own_rentals:read': 'See one’s own rentals',
  'own_rentals:update': 'Agree to what is asked after a return, or dispute it',
  'own_loyalty:read': 'See one’s own loyalty points',
  'own_rating:read': 'See one’s own risk level and credit score, and why',
  'own_rating:create': 'Ask for a person to look at one’s own risk level',
  'own_documents:read': 'See one’s own invoices and receipts',
  'own_documents:update': 'Say who is billed for one’s own bookings',
  'own_addresses:read': 'See one’s own addresses',
  'own_addresses:update': 'Change one’s own addresses',
  'own_identity_documents:read': 'See one’s own pictures of id and licence',
  'own_identity_documents:create': 'Send pictures of one’s own id and licence',

  'reservations:read': 'See every booking',
  'reservations:update': 'Write down what somebody wishes for any booking',
  'reservations:delete': 'Cancel every booking',
  'rentals:read': 'See rentals: what left, what came back, what is owed',
  'rentals:execute': 'Hand over keys and take cars back',
  'rentals:update': 'Decide what a customer disputes',
  'desk:read': 'Open the desk: pick-ups, returns and what is not paid',
  'payments:read': 'See every payment',
  'payments:create': 'Take payments for anybody',
  'unmatched_money:update': 'Say whose money it is that came without a name',
  'refunds:create': 'Ask for a refund',
  'refunds:execute': 'Decide about refunds that others ask for',
  'cash_refunds:execute': 'Hand a refund over in cash',
  'tills:create': 'Set tills up and look after those of others',
  'tills:execute': 'Open, count and close a till',
  'day_closes:create': 'Close a day’s takings',
  'companies:update': 'Keep company accounts and their credit',
  'bank_transfers:execute': 'Confirm that a bank transfer has come',
  'charges:read': 'See every charge',
  'charges:create': 'Make charges, and end them',
  'documents:read': 'See every invoice, receipt and credit note',
  'documents:update': 'Say who is billed for any booking',
  'invoices:create': 'Write invoices and credit notes',
  'ledger:read': 'Read the ledger',
  'ledger:create': 'Ask for a correction of the ledger',
  'ledger:execute': 'Agree to corrections that others ask for',
  'reconciliation:read': 'See how our books compare with the provider’s',
  'reconciliation:execute': 'Compare our books with the provider’s and settle what differs',
  'workflows:read': 'See the workflows behind bookings and payments',
  'workflows:execute': 'Retry or resolve a workflow that is stuck',
  'payloads:read': 'Read what workflows carry, in clear',
  'master_keys:execute': 'Wrap everybody’s keys by another master key',

  'vehicles:read': 'See all that is known of a car',
  'vehicles:create': 'Add cars to the fleet',
  'vehicles:update': 'Change what is known of a car',
  'vehicles:delete': 'Take cars out of the fleet',
  'pricing_rules:read': 'See the rules of prices, and what extras cost',
  'pricing_rules:create': 'Try rules of prices on last month, and let them go live',
  'pricing_rules:update': 'Change and close rules of prices, and what extras cost',
  'customers:read': 'See customers, without how to reach them',
  'customers:create': 'Open accounts for customers',
  'customers:update': 'Change what is known of a customer',
  'customer_contacts:read': 'See customers’ phones, e-mails and addresses',
  'identity_documents:read': 'See pictures of customers’ ids and licences, each look counted',
  'identity_documents:create': 'Send pictures of a customer’s id and licence at the counter',
  'identity_documents:execute': 'Accept or refuse pictures of customers’ ids and licences',
  'loyalty:read': 'See customers’ loyalty points',
  'loyalty:create': 'Give and take loyalty points by hand',
  'ratings:read': 'See customers’ risk level and credit score, and why',
  'ratings:create': 'Set customers’ risk level by hand, and answer who asks for a person',
  'erasures:create': 'Have what we hold about a customer erased, when they ask us to',
  'exports:create': 'Have all we hold about a customer copied for them, when they ask us to',
  'legal_holds:update': 'Say that the law wants what we hold about somebody kept',
  'retention:read': 'See what we hold about people, and what will go when',

  'users:read': 'See who has an account',
  'users:create': 'Open accounts for staff',
  'users:update': 'Suspend and reopen accounts',
  'roles:read': 'See roles and what they allow',
  'roles:create': 'Make roles',
  'roles:update': 'Change what a role allows',
  'roles:delete': 'Take a role away for good',
  'role_assignments:create': 'Give somebody a role',
  'role_assignments:delete': 'Take a role from somebody',
  'audit:read': 'Read who changed what',
  'api_keys:create': 'Make keys by which programs do some of what one may oneself',
  'oauth_clients:create': 'Say which programs of others may ask people to let them in',
} as const satisfies Record<`${string}:${Action}`, string>

export type Permission = keyof typeof PERMISSIONS

export const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name)

/** `reservations:read` is about `reservations`, and allows `read`. */
export const splitPermission = (name: Permission): { resource: string; action: Action } => {
  const [resource = '', action = ''] = name.split(':')
  return { resource, action: action as Action }
}

/** About nothing but what belongs to whoever asks; all that a customer can be allowed. */
export const isOwn = (name: Permission): boolean => name.startsWith('own_')
