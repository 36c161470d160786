/** A visitor of the pages without a browser: keeps cookies, finds the form's token, follows nothing. */
import { ORIGIN } from './api.ts'

const SESSION_COOKIE = '__Host-sid'

export type Visitor = {
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** Posts as a form of ours would, with the token of the session's last page unless told otherwise. */
  post(
    path: string,
    fields: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Response>
  /** Opens a page so that there is a session, then answers its token. */
  token(path?: string): Promise<string>
  readonly session: string | undefined
  setCookie(name: string, value: string): void
}

const tokenIn = (html: string): string | undefined => /name="_csrf" value="([^"]+)"/.exec(html)?.[1]

/** Boxes of one name are sent one by one. */
const pairsOf = (fields: Record<string, string | string[]>): [string, string][] =>
  Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )

/** The app itself, or a running one. */
type Pages = { request(url: string, init: RequestInit): Response | Promise<Response> }

export function createVisitor(app: Pages, address = ORIGIN): Visitor {
  const cookies = new Map<string, string>()
  let csrf = ''

  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) {
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    }
    const response = await app.request(`${address}${path}`, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    csrf = tokenIn(await response.clone().text()) ?? csrf
    return response
  }

  return {
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, fields, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: address,
          ...headers,
        },
        body: new URLSearchParams(pairsOf({ _csrf: csrf, ...fields })).toString(),
      }),
    token: async (path = '/sign-in') => {
      await send(path, {})
      return csrf
    },
    get session() {
      return cookies.get(SESSION_COOKIE)
    },
    setCookie: (name, value) => {
      cookies.set(name, value)
    },
  }
}
