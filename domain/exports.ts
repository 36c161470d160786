/**
 * All that we hold about somebody, for themselves (Data Protection Act 2019, sections 26 and 38). waiting -> gathering -> ready ->
 * expired; until it is ready it ends as `stopped` where its person is forgotten meanwhile, or its story is lost.
 */
import type { KindOfData } from './retention.ts'
import { DAY_MS } from './time.ts'

export const EXPORT_STATUSES = ['waiting', 'gathering', 'ready', 'expired', 'stopped'] as const
export type ExportStatus = (typeof EXPORT_STATUSES)[number]
export const EXPORT_FORMATS = ['json', 'pdf'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Of one person within a day: each gathers everything there is. */
export const EXPORTS_A_DAY = 3
export const EXPORT_DAY_MS = DAY_MS

/** Where the next batch begins; `after` is the key of the last row seen, a time and an id. */
export type ExportPlace = { section: string; after: string; batch: number }
export type ExportInput = { exportId: string }
export type ExportStep = {
  status: ExportStatus
  place: ExportPlace | null
  done: number
  sections: number
}
export type ExportProgress = { status: ExportStatus; done: number; sections: number }

/** How a value is written. `words` may speak of others, so what reaches them is masked; `told` is what M-Pesa or a program said; a `picture` is a JPEG. */
export type FieldType =
  | 'words'
  | 'code'
  | 'time'
  | 'day'
  | 'money'
  | 'number'
  | 'flag'
  | 'phone'
  | 'email'
  | 'list'
  | 'told'
  | 'picture'
export type Fields = Readonly<Record<string, FieldType>>

/** In English and Swahili. */
export type Words = readonly [en: string, sw: string]

/** What of one kind is exported together, without how it is read. */
export type SectionFacts = {
  name: string
  title: Words
  kind: KindOfData
  fields: Fields
}

export type ExportValue = string | number | boolean | string[] | object | null
export type ExportRecord = Record<string, ExportValue>

/** What stands in the file, before it is written as JSON or as PDF. */
export type Gathered = { section: SectionFacts; records: ExportRecord[] }[]

export const EXPORT_FORM = { name: 'gari-export', version: 1 } as const

/** `gari-data-2026-11-23.json`: says whose to nobody who sees the name. */
export const exportFileName = (readyAt: string, format: ExportFormat): string =>
  `gari-data-${readyAt.slice(0, 10)}.${format}`
