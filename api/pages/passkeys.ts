/** What the script behind the passkey button asks. JSON with the session's token in a header, which no other site can send. */
import { Hono, type Context } from 'hono'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { z } from 'zod'
import { findActor } from '../../db/accounts.ts'
import { BusinessError } from '../../domain/errors.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { deviceText } from '../devices.ts'
import { parseInput, readJson } from '../input.ts'
import {
  askForPasskey,
  askToRegister,
  canHavePasskeys,
  checkPasskey,
  registerPasskey,
} from '../passkeys.ts'
import { noteUnexpected, problemResponse, toBusinessError } from '../problems.ts'
import { assertFresh } from '../second-factor.ts'
import { localPath } from '../return-paths.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { sourceOf } from '../source.ts'
import { enterAtLast } from './entering.ts'

const LONGEST = 8_192
const LONGEST_NAME = 60
const text = z.string().max(LONGEST)
/** The library reads the rest; here only what is no answer of a browser at all is refused. */
const credential = z.looseObject({
  id: z.string().min(1).max(1_400),
  rawId: text,
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: text }),
  clientExtensionResults: z.looseObject({}),
})
const registering = z.object({ response: credential })
const signingIn = z.object({ response: credential, next: z.string().max(2_000).optional() })

export function createPasskeyPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.onError((error, c) => {
    noteUnexpected(c, deps.log, error)
    return problemResponse(c, toBusinessError(error))
  })
  const read = async (c: Context<Env>): Promise<unknown> => {
    assertCsrf(c, { _csrf: c.req.header('x-csrf-token') })
    if (!canHavePasskeys(deps)) throw new BusinessError('NOT_FOUND', 'There are no passkeys here.')
    return readJson(c)
  }
  pages.post('/passkeys/register/options', async (c) => {
    const actor = signedIn(c)
    await read(c)
    assertFresh(c.get('session'))
    return c.json(await askToRegister(deps, actor, c.get('session').tokenHash))
  })
  pages.post('/passkeys/register', async (c) => {
    const { userId } = signedIn(c)
    const { response } = parseInput(registering, await read(c))
    assertFresh(c.get('session'))
    const name = deviceText(c.req.header('user-agent') ?? null)?.slice(0, LONGEST_NAME) ?? 'Passkey'
    await registerPasskey(deps, { userId, askedBy: c.get('session').tokenHash, name, response })
    return c.json({ next: '/account/two-factor?done=passkey' })
  })
  pages.post('/passkeys/sign-in/options', async (c) => {
    await read(c)
    return c.json(await askForPasskey(deps, c.get('session').tokenHash, sourceOf(c, deps)))
  })
  pages.post('/passkeys/sign-in', async (c) => {
    const wish = parseInput(signingIn, await read(c))
    const { tokenHash, waitingFor } = c.get('session')
    const response = wish.response as unknown as AuthenticationResponseJSON
    const { userId, passkeyId } = await checkPasskey(deps, {
      askedBy: tokenHash,
      response,
      source: sourceOf(c, deps),
    })
    // Somebody's password and somebody else's passkey are nobody's sign-in.
    if (waitingFor && waitingFor !== userId)
      throw new BusinessError('PASSKEY_REFUSED', 'This passkey is of another account.')
    if (!(await findActor(deps.db, userId)))
      throw new BusinessError('PASSKEY_REFUSED', 'This account is closed.')
    const answer = await enterAtLast(
      c,
      deps,
      { userId, showed: { passkeyId } },
      localPath(wish.next),
    )
    return c.json({ next: answer.headers.get('location') ?? '/' })
  })
  return pages
}
