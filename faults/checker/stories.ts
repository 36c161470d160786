/** What is not over has a running workflow, and no workflow ended as it should not. */
import { word, words } from './words.ts'
import type { Rule, World } from './world.ts'

/** A refund that was refused is not over: it goes another way, or waits for a person. */
const OPEN: Record<string, string> = {
  reservation: `SELECT id FROM reservations
    WHERE status IN ${words('reservations.status', 'pending', 'processing', 'confirmed', 'in_progress')}`,
  payment: `SELECT id FROM payments WHERE channel = ${word('payments.channel', 'prompt')}
    AND status IN ${words('payments.status', 'requested', 'prompted', 'unknown', 'unexplained')}`,
  refund: `SELECT id FROM refunds
    WHERE status NOT IN ${words('refunds.status', 'settled', 'declined')}`,
  charge: `SELECT id FROM charges WHERE status IN ${words('charges.status', 'open', 'processing')}`,
}

async function withoutStory({ sql, stories }: World): Promise<string[]> {
  const orphans: string[] = []
  for (const [kind, text] of Object.entries(OPEN))
    for (const { id } of await sql<{ id: string }>(text)) {
      const story = stories.get(`${kind}:${id}`)
      if (story?.status !== 'RUNNING')
        orphans.push(`${kind}:${id} is ${story?.status ?? 'unknown'}`)
    }
  return orphans
}

/** Started by a fault, to stand still. */
const POISON = /^poison:/
const FINE = new Set(['RUNNING', 'COMPLETED', 'CONTINUED_AS_NEW'])

const endedBadly = ({ stories }: World): string[] =>
  [...stories.values()]
    .filter(({ id, status }) => !FINE.has(status) && !POISON.test(id))
    .map(({ id, status }) => `${id} is ${status}`)

/** A task may fail when its worker dies; that a story says something else than before may never happen. */
const NONDETERMINISM = /nondeterminis|non-determinis/i

async function forgetful(world: World): Promise<string[]> {
  const found: string[] = []
  for (const story of world.stories.values())
    for (const trouble of await world.troubles(story))
      if (NONDETERMINISM.test(trouble)) found.push(`${story.id}: ${trouble}`)
  return found
}

const endAll =
  (status: string) =>
  (world: World): World => ({
    ...world,
    stories: new Map([...world.stories].map(([id, story]) => [id, { ...story, status }])),
  })

export const storyRules: Rule[] = [
  {
    name: 'what is open has a running story',
    kind: 'lost',
    broken: withoutStory,
    plant: endAll('COMPLETED'),
  },
  { name: 'no story ends as failed', kind: 'wrong', broken: endedBadly, plant: endAll('FAILED') },
  {
    name: 'every story replays',
    kind: 'wrong',
    broken: forgetful,
    plant: (world) => ({ ...world, troubles: async () => ['Nondeterminism error: other timer'] }),
  },
]
