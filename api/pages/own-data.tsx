/** One's own data: having a copy of it, and having it erased; and how we treat everybody's, for everybody. */
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../../domain/exports.ts'
import type { CopyPage, OwnDataPage } from '../../domain/privacy-pages.ts'
import { REGISTER, type KindOfData } from '../../domain/retention.ts'
import { erasureConfirmation } from '../../domain/schemas/erasures.ts'
import { DAY_MS } from '../../domain/time.ts'
import { whatForbidsErasing } from '../../db/account-needs.ts'
import { findErasure } from '../../db/erasures.ts'
import { findLastExport } from '../../db/exports.ts'
import { withNext } from '../../views/accounts.tsx'
import { CopyLive, copyVersion } from '../../views/own-copy.tsx'
import { OwnDataView } from '../../views/own-data.tsx'
import { PrivacyView } from '../../views/privacy.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { requestErasure, takeBack } from '../erasing.ts'
import { requestExport, sendExportFile, SIGN_IN_FOR_COPY, toCopyState } from '../exporting.ts'
import { idParam, parseInput } from '../input.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertFresh } from '../second-factor.ts'
import { assertCsrf, closeSession, signedIn } from '../sessions.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/account/data'
type Form = Record<string, string>
type Told = { form?: Form; problems?: FieldProblem[] }

async function copyOf(c: Context<Env>, deps: ApiDeps): Promise<CopyPage> {
  const actor = signedIn(c)
  const now = deps.now()
  const last = await findLastExport(deps.db, actor.userId)
  return {
    copy: last && toCopyState(last, now),
    fresh: c.get('session').isFresh === true,
    worksHere: actor.kind !== 'customer',
    now,
  }
}

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form = {}, problems = [] }: Told = {},
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = signedIn(c)
  const [erasure, needs, copy] = await Promise.all([
    findErasure(deps.db, actor.userId),
    whatForbidsErasing(deps.db, actor.userId),
    copyOf(c, deps),
  ])
  const page: OwnDataPage = {
    ...copy,
    erasure,
    needs,
    coolingDays: Math.round(deps.privacy.coolingMs / DAY_MS),
    contact: deps.privacy.contact,
    form,
    problems,
  }
  return c.html(<OwnDataView viewer={await viewerOf(c, deps)} page={page} />, status)
}

/** What changes by itself while a copy is made: rows are read, and no story is asked. */
async function live(c: Context<Env>, deps: ApiDeps) {
  const page = await copyOf(c, deps)
  if (c.req.query('v') === copyVersion(page)) return c.body(null, 204)
  return c.html(<CopyLive viewer={await viewerOf(c, deps)} page={page} />)
}

async function askForCopy(c: Context<Env>, deps: ApiDeps) {
  const { userId, kind } = signedIn(c)
  await readForm(c)
  assertFresh(c.get('session'), SIGN_IN_FOR_COPY)
  if (kind !== 'customer') throw new BusinessError('NOT_FOUND', 'There is no such account.')
  try {
    await requestExport(deps, { userId, actorId: userId })
  } catch (error) {
    const refused = toBusinessError(error)
    if (refused.code !== 'TOO_MANY_REQUESTS') throw error
    return show(c, deps, { problems: problemsIn(refused) }, statusOf(refused.code))
  }
  return c.redirect(PATH, 303)
}

const fetchCopy = (c: Context<Env>, deps: ApiDeps, format: ExportFormat) =>
  sendExportFile(c, deps, {
    actor: signedIn(c),
    session: c.get('session'),
    id: idParam(c),
    format,
  })

async function readForm(c: Context<Env>): Promise<Form> {
  const form = await c.req.parseBody<Form>()
  c.set('address', PATH)
  assertCsrf(c, form)
  return form
}

const KINDS = Object.keys(REGISTER) as KindOfData[]

export function createOwnDataPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/privacy', async (c) => {
    const { controller, contact } = deps.privacy
    const rows = KINDS.map((kind) => ({ kind, ...REGISTER[kind] }))
    const page = { controller, contact, rows }
    return c.html(<PrivacyView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get(PATH, (c) => show(c, deps))
  pages.get(`${PATH}/live`, (c) => live(c, deps))
  pages.post(`${PATH}/exports`, (c) => askForCopy(c, deps))
  for (const format of EXPORT_FORMATS)
    pages.get(`${PATH}/exports/:id/${format}`, (c) => fetchCopy(c, deps, format))
  pages.post(`${PATH}/again`, async (c) => {
    await readForm(c)
    await closeSession(deps, c.get('session').tokenHash)
    return c.redirect(withNext('/sign-in', PATH), 303)
  })
  pages.post(`${PATH}/erasure`, async (c) => {
    const { userId } = signedIn(c)
    const form = await readForm(c)
    assertFresh(c.get('session'))
    try {
      parseInput(erasureConfirmation, { confirmation: form['confirmation'] })
      await requestErasure(deps, { userId, actorId: userId })
    } catch (error) {
      const { code, fields } = toBusinessError(error)
      // What stands in its way is named on the page itself.
      if (!['INVALID_INPUT', 'ACCOUNT_NEEDED'].includes(code)) throw error
      return show(c, deps, { form, problems: fields }, statusOf(code))
    }
    return c.redirect(PATH, 303)
  })
  pages.post(`${PATH}/erasure/taking-back`, async (c) => {
    const { userId } = signedIn(c)
    await readForm(c)
    await takeBack(deps, userId, userId)
    return c.redirect(PATH, 303)
  })
  return pages
}
