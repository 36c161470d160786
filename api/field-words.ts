/** What is wrong with a field, where its schema has no sentence of its own: in words for people, not for programmers. */
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** How the schema library begins what it says by itself. */
const BY_ITSELF = /^(?:Invalid|Too (?:big|small)|Unrecognized)/

const KINDS: Record<string, string> = {
  string: 'Send a text.',
  number: 'Send a number.',
  int: 'Send a whole number.',
  boolean: 'Send true or false.',
  array: 'Send a list.',
  object: 'Send an object.',
  record: 'Send an object.',
  date: 'Send a date.',
}

const UNITS: Record<string, string> = {
  string: ' characters',
  array: ' of these',
  set: ' of these',
}

function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'This is missing.'
      return KINDS[issue.expected] ?? 'This is not of the right kind.'
    case 'too_big':
      return `Send at most ${String(issue.maximum)}${UNITS[issue.origin] ?? ''}.`
    case 'too_small':
      return `Send at least ${String(issue.minimum)}${UNITS[issue.origin] ?? ''}.`
    case 'invalid_format':
      return `This is not written as ${issue.format} must be.`
    case 'invalid_value':
      return `Send one of ${issue.values.map(String).join(', ')}.`
    case 'unrecognized_keys':
      return `We do not know ${issue.keys.join(', ')} here.`
    default:
      return 'This is not what belongs here.'
  }
}

export const fieldWords = (issue: Issue): string =>
  BY_ITSELF.test(issue.message) ? wordsOf(issue) : issue.message
