/** Finance at Gari's pages, for the little that has no REST: one browser that stays signed in. */
import type { Answer } from './person.ts'

export type Fields = Record<string, string>
/** What the form of a page asks for, sent with that page's own token. Answered 200 where the page leads on. */
export type Submit = (page: string, action: string, fields: Fields) => Promise<Answer>

const REQUEST_MS = 20_000
const LEADS_ON = 303
const SIGN_IN = '/sign-in'
const TOKEN = /name="_csrf" value="([^"]+)"/
const COOKIE = /^([^=]+)=([^;]*)/

export function openOffice(baseUrl: string, account: Fields): Submit {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    const signal = AbortSignal.timeout(REQUEST_MS)
    const answer = await fetch(`${baseUrl}${path}`, {
      ...init,
      headers,
      redirect: 'manual',
      signal,
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = COOKIE.exec(line) ?? []
      cookies.set(name, value)
    }
    return answer
  }
  const fillIn = async (page: string, action: string, fields: Fields): Promise<Response> => {
    const shown = await send(page)
    if (shown.status !== 200) return shown
    const token = TOKEN.exec(await shown.text())?.[1] ?? ''
    return send(action, {
      method: 'POST',
      headers: { origin: baseUrl },
      body: new URLSearchParams({ _csrf: token, ...fields }),
    })
  }
  return async (page, action, fields) => {
    let answer = await fillIn(page, action, fields)
    if (isOut(answer)) {
      const entered = await fillIn(SIGN_IN, SIGN_IN, account)
      answer = entered.status === LEADS_ON ? await fillIn(page, action, fields) : entered
    }
    const status = answer.status === LEADS_ON && !isOut(answer) ? 200 : answer.status
    return { status, headers: answer.headers, body: {} }
  }
}

const isOut = ({ status, headers }: Response): boolean =>
  status === 401 || (status === LEADS_ON && (headers.get('location') ?? '').startsWith(SIGN_IN))
