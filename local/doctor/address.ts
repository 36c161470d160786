/** The address that customers and Safaricom reach. */
import type { Config } from '../../config.ts'
import type { Check, Complaint } from './checks.ts'

const REACH =
  'Look whether PUBLIC_URL leads to Gari from outside: its name, its certificate, the proxy in front, and whether Gari runs.'

/** Nobody's: Gari answers that it does not know it, and keeps nothing. */
const NOBODYS_CALLBACK = '/callbacks/stk/00000000-0000-4000-8000-000000000000/doctor'
const ASK_MS = 10_000

export const addressCheck = ({ http }: Config): Check => ({
  name: 'address',
  title: 'Customers and Safaricom reach PUBLIC_URL',
  mend: REACH,
  ask: () => addressComplaints(http.publicUrl),
})

async function addressComplaints(publicUrl: string): Promise<Complaint[]> {
  const notHttps = publicUrl.startsWith('https://')
    ? []
    : [
        {
          what: 'PUBLIC_URL does not begin with https://, and Safaricom reports to nothing else.',
          mend: 'Put a proxy with a certificate in front, and set PUBLIC_URL to its address.',
        },
      ]
  const asked = await Promise.all([aliveComplaints(publicUrl), callbackComplaints(publicUrl)])
  return [...notHttps, ...asked.flat()]
}

/** A certificate that cannot be verified rejects. */
const ask = (url: string): Promise<Response> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ASK_MS) })

const isRedirect = ({ status }: Response): boolean => status >= 300 && status < 400

const redirected = (path: string): Complaint => ({
  what: `${path} at PUBLIC_URL is answered by a redirect, which Safaricom does not follow: its reports would be lost.`,
  mend: 'Set PUBLIC_URL to where the redirect leads, or let the proxy answer there itself.',
})

async function aliveComplaints(publicUrl: string): Promise<Complaint[]> {
  const answer = await ask(`${publicUrl}/healthz`)
  if (isRedirect(answer)) return [redirected('/healthz')]
  const said = await answer.text()
  if (answer.ok && said.includes('alive')) return []
  return [
    { what: `At PUBLIC_URL something else than Gari answers (${answer.status}).`, mend: REACH },
  ]
}

async function callbackComplaints(publicUrl: string): Promise<Complaint[]> {
  const answer = await ask(`${publicUrl}${NOBODYS_CALLBACK}`)
  await answer.body?.cancel()
  if (isRedirect(answer)) return [redirected('/callbacks')]
  if (answer.status < 500 && answer.status !== 401 && answer.status !== 403) return []
  return [
    {
      what: `/callbacks at PUBLIC_URL is closed to those who are not signed in (${answer.status}), so Safaricom could not report.`,
      mend: 'Let the proxy pass everything below /callbacks to Gari as it is.',
    },
  ]
}
