/** Sqlmap: every parameter of every address that reads, page or API, as somebody who may read it. */
import { preparePythonTool } from '../local/python-tools.ts'
import type { Stack } from '../test/support/stack.ts'
import { runTool, type Finding } from './finding.ts'
import type { Person } from './people.ts'
import type { How } from './schemathesis.ts'

const TOOL = { packageName: 'sqlmap', version: '1.10.10', program: 'sqlmap' }

type Target = { who: string; path: string; body?: object }

const TRIP =
  'pickup_at=2027-01-04T10:00:00%2B03:00&return_at=2027-01-06T10:00:00%2B03:00&pickup_location=NBO-JKIA&return_location=NBO-JKIA'

const TARGETS: readonly Target[] = [
  { who: 'nobody', path: `/search?${TRIP}` },
  { who: 'nobody', path: `/api/v1/vehicles/availability?${TRIP}&category=SUV` },
  { who: 'nobody', path: '/api/v1/vehicles?category=SUV&location=NBO-JKIA&limit=5&cursor=A' },
  { who: 'customer', path: '/api/v1/reservations?status=confirmed&limit=5&cursor=A' },
  { who: 'customer', path: '/api/v1/payments?limit=5&cursor=A' },
  { who: 'customer', path: '/api/v1/invoices?status=issued&limit=5&cursor=A' },
  { who: 'finance', path: '/api/v1/ledger/entries?limit=5&cursor=A' },
  { who: 'finance', path: '/api/v1/companies?q=acme&limit=5&cursor=A' },
  { who: 'finance', path: '/finance/payments?q=acme' },
  { who: 'finance', path: '/finance/unmatched?q=acme' },
  { who: 'desk', path: '/desk?q=acme' },
  { who: 'admin', path: '/admin/people?q=acme' },
  { who: 'admin', path: '/admin/audit?about=acme&who=acme' },
  { who: 'admin', path: '/api/v1/users?q=acme&limit=5&cursor=A' },
  // Last: whoever guesses passwords makes all others wait before they sign in.
  {
    who: 'nobody',
    path: '/api/v1/auth/login',
    body: { email: 'wanjiku@example.com', password: 'not this one' },
  },
  { who: 'nobody', path: '/api/v1/auth/forgot-password', body: { email: 'wanjiku@example.com' } },
]

/** All ways but the slow one of sleeping statements, which a busy machine feigns. */
const TECHNIQUES = 'BEUQ'

export async function runSqlmap(
  stack: Stack,
  people: readonly Person[],
  { cache, say }: How,
): Promise<Finding[]> {
  const program = await preparePythonTool(cache, TOOL, { say })
  const findings: Finding[] = []
  for (const [nth, { who, path, body }] of TARGETS.entries()) {
    const person = people.find(({ name }) => name === who)
    const token = await person?.token()
    const headers = [
      ...(token ? [`Authorization: Bearer ${token}`] : []),
      ...(body ? ['Content-Type: application/json'] : []),
    ]
    const { said, failed } = await runTool(`sqlmap-${nth}`, program, [
      `--url=${stack.baseUrl}${path}`,
      ...(person?.cookie ? ['--cookie', person.cookie] : []),
      ...(headers.length > 0 ? ['--headers', headers.join('\n')] : []),
      ...(body ? ['--data', JSON.stringify(body)] : []),
      '--dbms=PostgreSQL',
      `--technique=${TECHNIQUES}`,
      '--level=2',
      '--risk=1',
      '--threads=2',
      '--ignore-code=*',
      '--flush-session',
      '--disable-coloring',
      '--batch',
    ])
    const found = /identified the following injection point|is vulnerable\./.test(said)
    const tested = /do(?:es)? not (?:seem|appear) to be injectable/.test(said)
    say(
      `${path.split('?')[0]} as ${who}: ${found ? 'INJECTABLE' : tested ? 'nothing' : 'not tested'}`,
    )
    if (found || failed || !tested)
      findings.push({ tool: 'sqlmap', what: `${path} as ${who} (sqlmap-${nth}.log)` })
  }
  return findings
}
