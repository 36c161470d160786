/**
 * A program of somebody else on its user's device, as RFC 8252 has it: it opens the browser, is answered at a port of its own, and
 * knows nothing of us but our address and the id it was registered by. The protocol is openid-client's.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import * as client from 'openid-client'
import { freePort } from '../../local/ports.ts'

/** As it is registered; the port is what is free when the program runs. */
export const PROGRAM_ADDRESS = 'http://127.0.0.1/back'

type Wish = { issuer: URL; clientId: string; scope: string }
export type SampleProgram = {
  /** Where its user begins. */
  start: string
  /** The same, with the check in clear that OAuth 2.1 has done away with. */
  startPlain: string
  /** The last code it was given, and what proves that it asked for it. */
  last: () => { back: URL; checks: client.AuthorizationCodeGrantChecks }
  tokens: () => client.TokenEndpointResponse | null
  /** Exchanges the last code once more; answers the error's name. */
  replay: () => Promise<string>
  refresh: () => Promise<string>
  close: () => Promise<void>
}

const page = (response: ServerResponse, text: string): void => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(
    `<!doctype html><html lang="en"><title>Fleet Helper</title><link rel="icon" href="data:,"><main>${text}</main></html>`,
  )
}

const nameOf = (error: unknown): string =>
  error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError
    ? error.error
    : String(error)

export async function startSampleProgram({
  issuer,
  clientId,
  scope,
}: Wish): Promise<SampleProgram> {
  const found = await client.discovery(issuer, clientId, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  })
  const port = await freePort()
  const here = `http://127.0.0.1:${port}`
  const redirectUri = `${here}${new URL(PROGRAM_ADDRESS).pathname}`
  const api = new URL('/api/v1/reservations', issuer)
  let checks: client.AuthorizationCodeGrantChecks = {}
  let back = new URL(redirectUri)
  let tokens: client.TokenEndpointResponse | null = null

  async function begin(method: 'S256' | 'plain'): Promise<string> {
    const verifier = client.randomPKCECodeVerifier()
    checks = { pkceCodeVerifier: verifier, expectedState: client.randomState() }
    const challenge =
      method === 'plain' ? verifier : await client.calculatePKCECodeChallenge(verifier)
    return client.buildAuthorizationUrl(found, {
      redirect_uri: redirectUri,
      scope,
      code_challenge: challenge,
      code_challenge_method: method,
      state: String(checks.expectedState),
    }).href
  }
  const exchange = () => client.authorizationCodeGrant(found, back, checks)
  /** As its user sees it: what it was told, or how many bookings of theirs it reads. */
  async function takeAnswer(): Promise<string> {
    try {
      tokens = await exchange()
      const answer = await client.fetchProtectedResource(found, tokens.access_token, api, 'GET')
      const { items } = (await answer.json()) as { items: object[] }
      return `Reads ${items.length} bookings for ${tokens.scope ?? 'nothing'}`
    } catch (error) {
      return `Was refused: ${nameOf(error)}`
    }
  }
  const server = createServer((request, response) => {
    const at = new URL(request.url ?? '/', here)
    if (at.pathname === '/start')
      return void begin(at.searchParams.has('plain') ? 'plain' : 'S256').then((location) =>
        response.writeHead(302, { location }).end(),
      )
    back = at
    return void takeAnswer().then((text) => page(response, text))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    start: `${here}/start`,
    startPlain: `${here}/start?plain`,
    last: () => ({ back, checks }),
    tokens: () => tokens,
    replay: () => exchange().then(() => 'exchanged', nameOf),
    refresh: () =>
      client.refreshTokenGrant(found, tokens?.refresh_token ?? '').then(() => 'refreshed', nameOf),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
