/** What is asked when somebody wants all that we hold about them, and what the file for programs is. */
import { z } from 'zod'
import { EXPORT_FORM, type Fields, type FieldType, type SectionFacts } from '../exports.ts'
import { BASES } from '../data-kinds.ts'
import { statusRequest } from './roles.ts'

/** Whoever works here says how they know that it is they who ask; nobody else need say anything. */
export const exportRequest = z.strictObject({ why: statusRequest.shape.why.optional() })
/** On a page that asks for other reasons, too. */
export const exportForm = z.object({ why_copied: statusRequest.shape.why })

const amount = z.string().regex(/^-?\d+\.\d{2}$/)
const TYPES: Record<FieldType, z.ZodType> = {
  words: z.string(),
  code: z.string(),
  time: z.iso.datetime({ offset: true }),
  day: z.iso.date(),
  money: amount,
  number: z.number(),
  flag: z.boolean(),
  phone: z.string(),
  email: z.string(),
  list: z.array(z.string()),
  told: z.unknown(),
  picture: z.base64().describe('A JPEG'),
}

/** Each field is there, and null where nothing is known. */
const recordOf = (fields: Fields) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(fields).map(([name, type]) => [name, TYPES[type].nullable()]),
    ),
  )

const sectionOf = ({ name, title, kind, fields }: SectionFacts) =>
  z
    .strictObject({
      name: z.literal(name),
      title: z.string().describe('In the language of its owner'),
      kind: z.literal(kind).describe('Of the register of what we hold'),
      purpose: z.string().describe('What we have it for'),
      basis: z.enum(BASES).describe('Why we may (section 30)'),
      kept: z.string().describe('How long'),
      kept_from: z.string().describe('From when that is counted'),
      records: z.array(recordOf(fields)),
    })
    .describe(title[0])

/** The whole file, with its sections in their order. */
export function exportFile(sections: readonly SectionFacts[]) {
  const [first, ...others] = sections.map(sectionOf)
  if (!first) throw new Error('an export has no section')
  return z.strictObject({
    format: z.literal(EXPORT_FORM.name),
    version: z.literal(EXPORT_FORM.version),
    made_at: z.iso.datetime({ offset: true }),
    time_zone: z.literal('Africa/Nairobi'),
    currency: z.literal('KES'),
    controller: z.strictObject({ name: z.string(), contact: z.string() }),
    law: z.string(),
    sections: z.tuple([first, ...others]),
  })
}
