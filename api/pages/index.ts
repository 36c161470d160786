/** All pages, behind one session and one honest way of saying what went wrong. */
import { Hono } from 'hono'
import type { Provider } from 'oidc-provider'
import type { ApiDeps, Env } from '../deps.ts'
import { varyBy } from '../headers.ts'
import { isWrongMethod, type MethodsAt } from '../methods.ts'
import { toBusinessError } from '../problems.ts'
import { pageSession } from '../sessions.ts'
import { createAccountPages } from './accounts.tsx'
import { createApiKeyPages } from './api-keys.tsx'
import { createAuditPages } from './audit.tsx'
import { createBookingFormPages } from './booking-form.tsx'
import { createBookingPages } from './bookings.tsx'
import { createCompanyPages } from './companies.tsx'
import { createCustomerChoicesPages } from './customer-choices.tsx'
import { createDayClosePages } from './day-close.tsx'
import { createTakingPages } from './desk-taking.tsx'
import { createCreditPages } from './credit.tsx'
import { showError, showNothing } from './errors.tsx'
import { createLettingInPages } from './letting-in.tsx'
import { createLiveTurns } from './live-turns.ts'
import { createLatePages } from './late.tsx'
import { createBillingPages } from './billing.tsx'
import { createDocumentPages } from './documents.tsx'
import { createIdentityPages } from './identity.tsx'
import { createIdentityReviewPages } from './identity-reviews.tsx'
import { createInvoicePages } from './invoices.tsx'
import { createLoyaltyPages } from './loyalty.tsx'
import { createOwnRatingPages } from './own-rating.tsx'
import { createRatingPages } from './ratings.tsx'
import { createOwnAccountPages } from './own-account.tsx'
import { createOwnAddressesPages } from './own-addresses.tsx'
import { createOwnChoicesPages } from './own-choices.tsx'
import { createOwnDataPages } from './own-data.tsx'
import { createOwnDetailsPages } from './own-details.tsx'
import { createPayPages } from './pay.tsx'
import { createRecoveryPages } from './recovery.tsx'
import { createRegisteringPages } from './registering.tsx'
import { createRefundPages } from './refunds.tsx'
import { createLedgerPages } from './ledger.tsx'
import { createReconciliationPages } from './reconciliation.tsx'
import { createChargePages } from './charges.tsx'
import { createDeskChargePages } from './desk-charges.tsx'
import { createPlanPages } from './plans.tsx'
import { createPeoplePages } from './people.tsx'
import { createProgramPages } from './programs.tsx'
import { createPersonDataPages } from './person-data.tsx'
import { createRetentionPages } from './retention.tsx'
import { createRolePages } from './roles.tsx'
import { createPasskeyPages } from './passkeys.ts'
import { createSearchPages } from './search.tsx'
import { createSecondStepPages } from './second-step.tsx'
import { createOwnRentalPages } from './own-rental.tsx'
import { createRentalPages } from './rentals.tsx'
import { createStaffPages } from './staff.tsx'
import { createTillPages } from './till.tsx'
import { createPricePages } from './prices.tsx'
import { createTransferPages } from './transfers.tsx'
import { createTwoFactorPages, enrolFirst } from './two-factor.tsx'
import { createUnmatchedPages } from './unmatched.tsx'

export function createPages(deps: ApiDeps, oauth: Provider, methodsAt: MethodsAt): Hono<Env> {
  const pages = new Hono<Env>()
  // Before anything is read for it.
  pages.use(createLiveTurns())
  pages.use(pageSession(deps))
  pages.use(enrolFirst)
  pages.use(varyBy('HX-Request', 'Cookie'))
  pages.use(async (c, next) => {
    await next()
    // A picture of somebody's papers says it in more words.
    if (c.res.headers.get('Cache-Control') !== 'private, no-store')
      c.header('Cache-Control', 'no-store')
  })
  pages.onError((error, c) => {
    if (toBusinessError(error).code !== 'SIGN_IN_REQUIRED') return showError(c, deps, error)
    const allowed = methodsAt(c.req.path)
    return isWrongMethod(c, allowed) ? showNothing(c, allowed) : showError(c, deps, error)
  })
  pages.route('/', createSearchPages(deps))
  pages.route('/', createBookingFormPages(deps))
  pages.route('/', createBookingPages(deps))
  pages.route('/', createPricePages(deps))
  pages.route('/', createPayPages(deps))
  pages.route('/', createLatePages(deps))
  pages.route('/', createChargePages(deps))
  pages.route('/', createPlanPages(deps))
  pages.route('/', createDeskChargePages(deps))
  pages.route('/', createAccountPages(deps))
  pages.route('/', createRegisteringPages(deps))
  pages.route('/', createOwnAccountPages(deps))
  pages.route('/', createOwnDataPages(deps))
  pages.route('/', createLoyaltyPages(deps))
  pages.route('/', createOwnRatingPages(deps))
  pages.route('/', createRatingPages(deps))
  pages.route('/', createOwnDetailsPages(deps))
  pages.route('/', createOwnAddressesPages(deps))
  pages.route('/', createOwnChoicesPages(deps))
  pages.route('/', createIdentityPages(deps))
  pages.route('/', createIdentityReviewPages(deps))
  pages.route('/', createTwoFactorPages(deps))
  pages.route('/', createSecondStepPages(deps))
  pages.route('/', createPasskeyPages(deps))
  pages.route('/', createApiKeyPages(deps))
  pages.route('/', createLettingInPages(deps, oauth))
  pages.route('/', createRecoveryPages(deps))
  pages.route('/', createCreditPages(deps))
  pages.route('/', createBillingPages(deps))
  pages.route('/', createDocumentPages(deps))
  pages.route('/', createInvoicePages(deps))
  pages.route('/', createStaffPages(deps))
  pages.route('/', createRentalPages(deps))
  pages.route('/', createOwnRentalPages(deps))
  pages.route('/', createPeoplePages(deps))
  pages.route('/', createCustomerChoicesPages(deps))
  pages.route('/', createPersonDataPages(deps))
  pages.route('/', createRolePages(deps))
  pages.route('/', createAuditPages(deps))
  pages.route('/', createProgramPages(deps))
  pages.route('/', createRetentionPages(deps))
  pages.route('/', createTakingPages(deps))
  pages.route('/', createTillPages(deps))
  pages.route('/', createTransferPages(deps))
  pages.route('/', createDayClosePages(deps))
  pages.route('/', createCompanyPages(deps))
  pages.route('/', createUnmatchedPages(deps))
  pages.route('/', createRefundPages(deps))
  pages.route('/', createLedgerPages(deps))
  pages.route('/', createReconciliationPages(deps))
  pages.all('*', (c) => showNothing(c, methodsAt(c.req.path)))
  return pages
}
