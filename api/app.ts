/** Puts the api room together: doors first (ids, headers, limits), then Daraja's, the API's, the pages'. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { csrf } from 'hono/csrf'
import { requestId } from 'hono/request-id'
import { BusinessError } from '../domain/errors.ts'
import { from } from '../db/origin.ts'
import { createApiV1 } from './api-v1.ts'
import { createCallbacks } from './callbacks.ts'
import { createCodecEndpoint } from './codec.ts'
import type { ApiDeps, Env } from './deps.ts'
import { ownSite } from './fetch-metadata.ts'
import { keptNowhere, securityHeaders } from './headers.ts'
import { createHealth } from './health.ts'
import { legibleAddress, legibleForm } from './legible.ts'
import { methodsIn } from './methods.ts'
import { createOauth } from './oauth.ts'
import { createOauthProvider } from './oauth-provider.ts'
import { createPages } from './pages/index.ts'
import { showError } from './pages/errors.tsx'
import { createPaybillDoor } from './paybill-door.ts'
import { isPictureForm } from './picture-forms.ts'
import { isForPrograms, noteUnexpected, problemResponse, toBusinessError } from './problems.ts'
import { addressOf } from './source.ts'
import { createStaticFiles } from './static-files.ts'
import { createTemporalDoor } from './temporal-door.ts'
import { ownPolicy, TEMPORAL_PATH } from './temporal-policy.ts'
import { createTraffic } from './traffic.ts'
import { createWellKnown } from './well-known.ts'

const KB = 1024
const MAXIMUM_BODY_BYTES = 64 * KB
/** A month of statements. Who may send it is asked before it is read. */
const MAXIMUM_FILE_BYTES = 5 * KB * KB
const FILE_PATH =
  /^\/(?:finance\/reconciliation\/(?:statements|bank)|api\/v1\/reconciliations\/statements)$/

/** Mail programs press it for people and say no origin (RFC 8058); its own secret part is what lets it in, and no cookie is asked for. */
const ONE_CLICK = /^\/unsubscribe\//

const limitBody = (maxSize: number, words: string) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new BusinessError('BODY_TOO_LARGE', words)
    },
  })

export function createApp(deps: ApiDeps): Hono<Env> {
  const app = new Hono<Env>()
  // What the doors below refuse themselves never reaches the rooms' own handlers.
  app.onError((error, c) => {
    if (!isForPrograms(c)) return showError(c, deps, error)
    noteUnexpected(c, deps.log, error)
    return problemResponse(c, toBusinessError(error))
  })
  app.use(requestId({ headerName: '' }))
  app.use(`${TEMPORAL_PATH}/*`, ownPolicy)
  app.use(securityHeaders)
  app.use(keptNowhere)
  app.use(legibleAddress)
  app.use((c, next) => from(`${addressOf(c, deps)} request ${c.get('requestId')}`, next))
  const small = limitBody(MAXIMUM_BODY_BYTES, 'Send at most 64 KB at once.')
  const large = limitBody(MAXIMUM_FILE_BYTES, 'Send at most 5 MB at once.')
  app.use((c, next) => {
    if (isPictureForm(c.req.path, c.req.header('content-type') ?? '')) return next()
    return FILE_PATH.test(c.req.path) ? large(c, next) : small(c, next)
  })
  app.route('/', createHealth(deps))
  app.route('/', createWellKnown(deps))
  const traffic = createTraffic(deps)
  const provider = createOauthProvider(deps)
  app.use('/oauth/*', traffic)
  app.route('/', createOauth(deps, provider))
  app.route('/', createPaybillDoor(deps))
  app.route('/', createCallbacks(deps))
  app.use(compress())
  app.route('/', createStaticFiles())
  app.use(traffic)
  app.route('/codec', createCodecEndpoint(deps))
  app.route('/', createTemporalDoor(deps))
  app.route('/api/v1', createApiV1(deps))
  app.use(ownSite([deps.publicUrl]))
  const ownForms = csrf({ origin: deps.publicUrl })
  app.use((c, next) => (ONE_CLICK.test(c.req.path) ? next() : ownForms(c, next)))
  app.use(legibleForm)
  app.route('/', createPages(deps, provider, methodsIn(app)))
  return app
}
