/**
 * Pictures of a customer's id and driving licence: received -> accepted or refused by somebody of the house, replaced by a later picture
 * of the same kind, and expired when the day is over until which the paper is good. What a picture may be stands here as well.
 */

export const IDENTITY_KINDS = [
  'national_id_front',
  'national_id_back',
  'passport',
  'licence_front',
  'licence_back',
] as const
export type IdentityKind = (typeof IDENTITY_KINDS)[number]

/** `expired` is said by the day and stands in no row. */
export const IDENTITY_STATUSES = ['received', 'accepted', 'refused', 'replaced', 'expired'] as const
export type IdentityStatus = (typeof IDENTITY_STATUSES)[number]

/** Codes, so that the customer reads them in their language, and nobody types freely about anybody. */
export const REFUSAL_REASONS = [
  'unreadable',
  'cut_off',
  'other_paper',
  'over',
  'other_person',
  'not_the_paper',
] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]

export type IdentityDocument = {
  id: string
  customerId: string
  kind: IdentityKind
  status: IdentityStatus
  receivedAt: Date
  decidedAt: Date | null
  refusal: RefusalReason | null
  /** `2027-01-31`: the last day on which it is good, as whoever accepted it has read it. */
  validUntil: string | null
  width: number
  height: number
  bytes: number
  /** What was replaced has none any more. */
  hasPicture: boolean
}

const MB = 1024 * 1024

export const PICTURE_LIMITS = {
  bytes: 10 * MB,
  megabytes: 10,
  /** What no phone takes; a small file may claim it. */
  pixels: 60_000_000,
  /** What may be opened of a form that is held in memory whole; of a photograph as phones take it only a few lines are, at any size. */
  wholeBytes: 96 * MB,
  /** The longer side of what is kept. */
  longestSide: 2_000,
  /** The longer side of what somebody can still read. */
  shortestSide: 400,
  jpegQuality: 82,
  /** For one picture, once it is its turn. */
  decodeSeconds: 10,
  decodesAtOnce: 2,
  decodesWaiting: 8,
} as const

/** How long an address of a picture is good, and in the same session only. */
export const PICTURE_LINK_MS = 5 * 60_000

/** After the last booking, or after the picture where there was none. */
export const IDENTITY_KEPT_DAYS = 365
/** So that its owner reads why; then it is asked for as if it had never come. */
export const REFUSED_KEPT_DAYS = 30

/** Why a file is no picture for us. */
export type PictureFault =
  'empty' | 'heic' | 'pdf' | 'other_form' | 'too_many_pixels' | 'too_small' | 'broken' | 'too_slow'

/** `busy`: nothing is wrong with it, others are being read. */
export type ReadPicture =
  | { kind: 'picture'; jpeg: Uint8Array; width: number; height: number }
  | { kind: 'refused'; fault: PictureFault }
  | { kind: 'busy' }

export type Pictures = {
  /** Whatever was sent, drawn anew as a JPEG of ours that holds nothing but what is seen. */
  redraw(bytes: Uint8Array): Promise<ReadPicture>
}

export const FAULT_WORDS: Record<PictureFault, string> = {
  empty: 'Choose a picture first.',
  heic: 'This is an HEIC picture, which we cannot open. Set the camera to JPEG and take it again (on an iPhone: “Most Compatible”).',
  pdf: 'This is a PDF. Send a photograph of the paper instead, as JPEG, PNG or WebP.',
  other_form: 'We cannot open this as a picture. Send a photograph as JPEG, PNG or WebP.',
  too_many_pixels: 'This picture is too large to open. Take it again with a smaller size.',
  too_small: 'This picture is too small to read. Take it again from nearer.',
  broken: 'This picture has not come whole. Send it again, or take another one.',
  too_slow: 'This picture took too long to open. Take another one.',
}

/** Where a licence's last day decides. */
export const isLicence = (kind: IdentityKind): boolean =>
  kind === 'licence_front' || kind === 'licence_back'

/** An id card without a day is good for as long as it is; a licence and a passport say their day. */
export const needsDay = (kind: IdentityKind): boolean =>
  kind === 'licence_front' || kind === 'passport'
