/** The REST API: every slice, one error shape, its description and a page to read it. */
import { createAccountsApi } from './accounts.ts'
import { createApiKeysApi } from './api-keys.ts'
import { createAuthTokensApi } from './auth-tokens.ts'
import { createBankLinesApi } from './bank-lines.ts'
import { createContactRevealsApi } from './contact-reveals.ts'
import { createCompaniesApi } from './companies.ts'
import { createCustomerListsApi } from './customer-lists.ts'
import { createCustomerAddressesApi } from './customer-addresses.ts'
import { createCustomersApi } from './customers.ts'
import { createDayClosesApi } from './day-closes.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createDocumentFilesApi } from './document-files.ts'
import { describeApi, type Description } from './description.ts'
import { createErasuresApi } from './erasures.ts'
import { createExportsApi } from './exports.ts'
import { createExtrasApi } from './extras.ts'
import { createPricingRulesApi } from './pricing-rules.ts'
import { createQuotesApi } from './quotes.ts'
import { createFleetApi } from './fleet.ts'
import { createIdentityDocumentsApi } from './identity-documents.ts'
import { createLedgerApi } from './ledger.ts'
import { varyBy } from './headers.ts'
import { legibleJson } from './legible.ts'
import { isWrongMethod, methodsOf } from './methods.ts'
import { createOpenApi } from './open-api.ts'
import { createInvoicesApi } from './invoices.ts'
import { createChargesApi } from './charges.ts'
import { createOauthClientsApi } from './oauth-clients.ts'
import { createLoyaltyApi } from './loyalty.ts'
import { createRatingReviewsApi } from './rating-reviews.ts'
import { createRatingsApi } from './ratings.ts'
import { createOwnAccountApi } from './own-account.ts'
import { createOwnProgramsApi } from './own-programs.ts'
import { createPaymentPlansApi } from './payment-plans.ts'
import { createPaymentsApi } from './payments.ts'
import { noteUnexpected, notHere, problemResponse, toBusinessError } from './problems.ts'
import { createHandRefundsApi } from './hand-refunds.ts'
import { createRefundsApi } from './refunds.ts'
import { createReconciliationsApi } from './reconciliations.ts'
import { createRentalsApi } from './rentals.ts'
import { createReservationSharesApi } from './reservation-shares.ts'
import { createReservationsApi } from './reservations.ts'
import { createRolesApi } from './roles.ts'
import { createStatusApi } from './status.ts'
import { createTillsApi } from './tills.ts'
import { createUnmatchedApi } from './unmatched.ts'
import { createFactorRemovalApi } from './factor-removal.ts'
import { createUsersApi } from './users.ts'
import { createVehiclesApi } from './vehicles.ts'

const BASE = '/api/v1'

/** Swagger's page is fine under the policy of all other pages; nothing on it is inline. */
const DOCS = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>gari API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/static/favicon.svg"><link rel="stylesheet" href="/static/swagger-ui.css"></head>
<body><main id="docs"></main><script src="/static/swagger-ui-bundle.js"></script>
<script src="/static/api-docs.js"></script></body></html>`

const DESCRIPTION = `Car rental paid by M-Pesa.

Amounts are decimal strings beside \`currency\`, times are ISO 8601 with their offset, and lists are
\`{ items, next }\` where \`next\` goes back as \`cursor\`, in the same \`sort\`. What can be replaced has an \`ETag\`: send it
as \`If-Match\` when you replace, and as \`If-None-Match\` to be told when nothing has changed. What is not known in a body
or among the filters of a list is refused. Send an \`Idempotency-Key\` where one is named, and the same one again when you
heard no answer. Errors are RFC 9457 problem documents with a stable
\`code\` and the \`fields\` to correct. Reading the fleet needs no token; everything else needs the one of
\`POST /auth/login\`. Any route may answer 429 or 503 with \`Retry-After\`; \`RateLimit-Policy\` and \`RateLimit\` say how
much may be asked and how much is left.`

/** What somebody hears who asks another route than they meant: `PUT /vehicles/availability` is no car to replace. */
const MAYBE_WRONG_METHOD: readonly string[] = [
  'SIGN_IN_REQUIRED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID_INPUT',
  'UNSUPPORTED_MEDIA_TYPE',
  'VERSION_REQUIRED',
]

/** In this order they are described. */
const ROOMS = [
  createStatusApi,
  createAuthTokensApi,
  createAccountsApi,
  createOwnAccountApi,
  createApiKeysApi,
  createOwnProgramsApi,
  createFactorRemovalApi,
  createOauthClientsApi,
  createUsersApi,
  createRolesApi,
  createFleetApi,
  createVehiclesApi,
  createCustomersApi,
  createCustomerAddressesApi,
  createCustomerListsApi,
  createLoyaltyApi,
  createRatingsApi,
  createRatingReviewsApi,
  createErasuresApi,
  createExportsApi,
  createIdentityDocumentsApi,
  createPricingRulesApi,
  createExtrasApi,
  createQuotesApi,
  createReservationsApi,
  createRentalsApi,
  createContactRevealsApi,
  createReservationSharesApi,
  createPaymentsApi,
  createPaymentPlansApi,
  createTillsApi,
  createDayClosesApi,
  createCompaniesApi,
  createUnmatchedApi,
  createBankLinesApi,
  createRefundsApi,
  createHandRefundsApi,
  createInvoicesApi,
  createDocumentFilesApi,
  createLedgerApi,
  createReconciliationsApi,
  createChargesApi,
]

export function createApiV1(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  const allowedAt = (path: string) => methodsOf(api.routes, path.slice(BASE.length))
  api.onError((thrown, c) => {
    noteUnexpected(c, deps.log, thrown)
    const error = toBusinessError(thrown)
    if (!MAYBE_WRONG_METHOD.includes(error.code)) return problemResponse(c, error)
    const allowed = allowedAt(c.req.path)
    return problemResponse(c, isWrongMethod(c, allowed) ? notHere(c, allowed) : error)
  })
  api.use(varyBy('Authorization'))
  api.use(legibleJson)
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'The access_token of POST /auth/login, or a key of POST /auth/api-keys',
  })
  for (const createRoom of ROOMS) api.route('/', createRoom(deps))
  // A tenth of a second for whoever asks first, and no part of starting.
  let described: Description | undefined
  const describe = () =>
    (described ??= describeApi(api, {
      openapi: '3.1.0',
      info: { title: 'gari', version: '1.0.0', description: DESCRIPTION },
      servers: [{ url: BASE }],
    }))
  api.get('/openapi.json', (c) => c.json(describe()))
  api.get('/docs', (c) => c.html(DOCS))
  // A mounted router's own notFound is never asked, and the pages behind it would answer in HTML.
  api.all('*', (c) => problemResponse(c, notHere(c, allowedAt(c.req.path))))
  return api
}
