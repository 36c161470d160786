/** What the settings alone can tell: whether they fit production, and whether each secret is one. */
import { statSync } from 'node:fs'
import type { examineConfig } from '../../config.ts'
import type { Check, Complaint } from './checks.ts'

export type Examined = ReturnType<typeof examineConfig>
type GivenSecret = Examined['secrets'][number]

export const settingsChecks = (examined: Examined): Check[] => [
  {
    name: 'settings',
    title: 'The settings fit production',
    mend: 'README.md explains every setting ("All settings").',
    ask: () => Promise.resolve(settingComplaints(examined)),
  },
  {
    name: 'secrets',
    title: 'Every secret is one',
    mend: 'README.md explains every setting ("All settings").',
    ask: () => Promise.resolve(secretComplaints(examined.secrets)),
  },
  {
    name: 'secret-files',
    title: 'Nobody else can read the files of secrets',
    mend: 'Let the _FILE settings name files that the user who runs Gari can read.',
    ask: () => Promise.resolve(examined.secrets.flatMap(fileComplaints)),
  },
]

function settingComplaints({ problems, isProduction, config }: Examined): Complaint[] {
  const complaints = problems.map((problem) => ({
    what: `${problem}.`,
    mend: 'Gari does not start in production like this; README.md explains every setting.',
  }))
  if (!isProduction)
    complaints.push({
      what: 'NODE_ENV is not production, so Gari allows what only a trial may do.',
      mend: 'Set NODE_ENV=production.',
    })
  if (config?.daraja.shortcode === SANDBOX_SHORTCODE)
    complaints.push({
      what: `DARAJA_SHORTCODE is ${SANDBOX_SHORTCODE}, which is of Safaricom's sandbox: no money would be yours.`,
      mend: 'Set DARAJA_SHORTCODE to your paybill or store number.',
    })
  if (config?.company.pin === NOBODYS_PIN)
    complaints.push({
      what: `COMPANY_PIN is ${NOBODYS_PIN}, which is nobody's: your invoices would carry it.`,
      mend: 'Set COMPANY_PIN to your KRA PIN.',
    })
  return complaints
}

const SANDBOX_SHORTCODE = '174379'
const NOBODYS_PIN = 'P000000000X'

/** Published, in our documents or in others', or what a setting is where nobody sets it. */
const KNOWN = [
  'local',
  'password',
  'secret',
  'passkey',
  'postgres',
  'gari',
  'gari-sample',
  'changeme',
  // The passkey of Safaricom's sandbox.
  'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
]
/** What we choose ourselves must be long; what a provider gives is as long as it is. */
const OURS =
  /^(PAYLOAD_KEY|SEALING_KEY|MASTER_KEY|TOKEN_KEY|CALLBACK_SECRET|KAFKA_SASL_PASSWORD|DATABASE_\w*PASSWORD|MIGRATION_PASSWORD)$|in \w*DATABASE\w*_URL$/
const SHORTEST = 16
/** Sixteen random letters have more different ones than this but once in thousands of years of choosing. */
const FEWEST_SIGNS = 6

function secretComplaints(secrets: readonly GivenSecret[]): Complaint[] {
  const given = secrets.filter(({ value }) => value !== '')
  return [...given.flatMap(weakness), ...sameComplaints(given)]
}

function weakness({ name, value }: GivenSecret): Complaint[] {
  const mend = `Choose another for ${name}: openssl rand -hex 32, or -base64 32 for a key.`
  const bare = value.toLowerCase()
  if (KNOWN.includes(bare) || bare.startsWith('local-'))
    return [{ what: `${name} is a sample that everybody can know.`, mend }]
  if (!OURS.test(name)) return []
  if (value.length < SHORTEST)
    return [{ what: `${name} is shorter than ${SHORTEST} characters, so it can be guessed.`, mend }]
  if (new Set(value).size < FEWEST_SIGNS)
    return [{ what: `${name} repeats a few characters, so it can be guessed.`, mend }]
  return []
}

/** Who learns one of them would have the other. */
function sameComplaints(secrets: readonly GivenSecret[]): Complaint[] {
  const names = new Map<string, string[]>()
  for (const { name, value } of secrets) names.set(value, [...(names.get(value) ?? []), name])
  return [...names.values()]
    .filter((same) => same.length > 1)
    .map((same) => ({
      what: `${same.join(' and ')} are the same: who learns one has the other.`,
      mend: 'Give each a value of its own.',
    }))
}

/** Container engines mount secrets there for one container only, readable by whichever user runs in it. */
const MOUNTED = '/run/secrets/'
const OTHERS = 0o077

function fileComplaints({ name, file }: GivenSecret): Complaint[] {
  if (file === undefined || file.startsWith(MOUNTED)) return []
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat || (stat.mode & OTHERS) === 0) return []
  return [
    {
      what: `Other users of this machine can read ${file}, where ${name} stands.`,
      mend: `chmod 600 ${file}`,
    },
  ]
}
