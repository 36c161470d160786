/** Every migration in order. Expand, then contract: old code must be able to run beside new tables. */
import type { Migration } from './migration.ts'
import { people } from './0001-people.ts'
import { fleet } from './0002-fleet.ts'
import { bookings } from './0003-bookings.ts'
import { books } from './0004-books.ts'
import { rateLimits } from './0005-rate-limits.ts'
import { notificationTries } from './0006-notification-tries.ts'
import { limits } from './0007-limits.ts'
import { ownersOfMoney } from './0008-owners-of-money.ts'
import { refundsAndCases } from './0009-refunds.ts'
import { paybill } from './0010-paybill.ts'
import { desk } from './0011-desk.ts'
import { charges } from './0012-charges.ts'
import { reconciliation } from './0013-reconciliation.ts'
import { invoices } from './0014-invoices.ts'
import { watching } from './0015-watching.ts'
import { lateOffers } from './0016-late-offers.ts'
import { billing } from './0017-billing.ts'
import { chargeNotices } from './0018-charge-notices.ts'
import { refundsOnAccount } from './0020-refunds-on-account.ts'
import { secondPerson } from './0022-second-person.ts'
import { proofOfMoney } from './0023-proof-of-money.ts'
import { comparing } from './0024-comparing.ts'
import { refundAttempts } from './0025-refund-attempts.ts'
import { paidByHand } from './0026-paid-by-hand.ts'
import { creditNotices } from './0027-credit-notices.ts'
import { bankMoney } from './0028-bank-money.ts'
import { terminalBatches } from './0029-terminal-batches.ts'
import { reportDelivery } from './0030-report-delivery.ts'
import { namedByText } from './0031-named-by-text.ts'
import { ownMoney } from './0032-own-money.ts'
import { placesOfCars } from './0033-places-of-cars.ts'
import { nextDrive } from './0034-next-drive.ts'
import { firstVersion } from './0035-first-version.ts'
import { deskSearch } from './0036-desk-search.ts'
import { refusedBookings } from './0037-refused-bookings.ts'
import { carPlaces } from './0038-car-places.ts'
import { placesOfDrives } from './0039-places-of-drives.ts'
import { calendar } from './0040-calendar.ts'
import { placesBefore } from './0041-places-before.ts'
import { oneCalendar } from './0042-one-calendar.ts'
import { unpaidBookings } from './0043-unpaid-bookings.ts'
import { permissions } from './0044-permissions.ts'
import { auditChain } from './0045-audit-chain.ts'
import { auditLookup } from './0046-audit-lookup.ts'
import { accountLinks } from './0047-account-links.ts'
import { sessionsShown } from './0048-sessions-shown.ts'
import { subjectKeys } from './0049-subject-keys.ts'
import { secondFactors, waitingSessions } from './0050-second-factors.ts'
import { refreshTokens } from './0052-refresh-tokens.ts'
import { apiKeys } from './0053-api-keys.ts'
import { oauth } from './0054-oauth.ts'
import { customersKept } from './0056-customers.ts'
import { lists } from './0057-lists.ts'
import { auditActions } from './0059-audit-actions.ts'
import { factorNotices } from './0061-factor-notices.ts'
import { peopleFoundByIndex, sealedPeople } from './0062-sealed-people.ts'
import { licences } from './0064-licences.ts'
import { sealedContacts } from './0065-sealed-contacts.ts'
import { retention } from './0073-retention.ts'
import { foundByPerson } from './0074-found-by-person.ts'
import { erasedAccounts, erasures, forgettingBuyers } from './0070-erasures.ts'
import { keyRotations } from './0067-key-rotations.ts'
import { wrongCodes } from './0082-wrong-codes.ts'
import { keyNotices } from './0083-key-notices.ts'
import { loyalty } from './0097-loyalty.ts'
import { customerRatings } from './0098-customer-ratings.ts'
import { ratingReviews } from './0099-rating-reviews.ts'
import { contactLinks, provenPhones } from './0084-contacts.ts'
import { marketingChoices } from './0090-marketing-choices.ts'
import { addressPermissions } from './0091-address-permissions.ts'
import { sealedAddresses } from './0092-sealed-addresses.ts'
import { exports } from './0088-exports.ts'
import { foundForExports } from './0089-found-for-exports.ts'
import { programUses } from './0105-program-uses.ts'
import { identityDocuments } from './0094-identity-documents.ts'
import { loyaltyBesideOlder } from './0118-loyalty-beside-older.ts'
import { sealedMessages } from './0114-sealed-messages.ts'
import { sealedLines } from './0117-sealed-lines.ts'
import { conditionPhotos } from './0119-condition-photos.ts'
import { rentals } from './0120-rentals.ts'
import { foundSince } from './0116-found-since.ts'
import { sealedReceipts } from './0115-sealed-receipts.ts'
import { sealedPlanPhones } from './0100-sealed-plan-phones.ts'
import { sealedPaymentPhones } from './0110-sealed-payment-phones.ts'
import { sealedChargePhones } from './0111-sealed-charge-phones.ts'
import { sealedRefundPhones } from './0113-sealed-refund-phones.ts'
import { sealedBookingPhones } from './0112-sealed-booking-phones.ts'
import { registrations } from './0108-registrations.ts'
import { pricingRules } from './0121-pricing-rules.ts'
import { extras } from './0122-extras.ts'
import { quotes } from './0123-quotes.ts'

export const MIGRATIONS: Migration[] = [
  people,
  fleet,
  bookings,
  books,
  rateLimits,
  notificationTries,
  limits,
  ownersOfMoney,
  refundsAndCases,
  paybill,
  desk,
  charges,
  reconciliation,
  invoices,
  watching,
  lateOffers,
  billing,
  chargeNotices,
  refundsOnAccount,
  secondPerson,
  proofOfMoney,
  comparing,
  refundAttempts,
  paidByHand,
  creditNotices,
  bankMoney,
  terminalBatches,
  reportDelivery,
  namedByText,
  ownMoney,
  placesOfCars,
  nextDrive,
  firstVersion,
  deskSearch,
  refusedBookings,
  carPlaces,
  placesOfDrives,
  calendar,
  placesBefore,
  oneCalendar,
  unpaidBookings,
  permissions,
  auditChain,
  auditLookup,
  accountLinks,
  sessionsShown,
  subjectKeys,
  secondFactors,
  waitingSessions,
  refreshTokens,
  apiKeys,
  oauth,
  customersKept,
  lists,
  auditActions,
  factorNotices,
  sealedPeople,
  peopleFoundByIndex,
  licences,
  sealedContacts,
  erasures,
  erasedAccounts,
  forgettingBuyers,
  retention,
  foundByPerson,
  keyRotations,
  wrongCodes,
  keyNotices,
  contactLinks,
  provenPhones,
  marketingChoices,
  addressPermissions,
  sealedAddresses,
  exports,
  foundForExports,
  programUses,
  identityDocuments,
  loyalty,
  sealedPlanPhones,
  registrations,
  sealedPaymentPhones,
  sealedChargePhones,
  sealedBookingPhones,
  sealedRefundPhones,
  loyaltyBesideOlder,
  customerRatings,
  ratingReviews,
  sealedMessages,
  sealedReceipts,
  foundSince,
  sealedLines,
  conditionPhotos,
  rentals,
  pricingRules,
  extras,
  quotes,
]
