/** What the page with one's own details shows. */
import type { AddressKind, CustomerAddress } from './customers.ts'
import type { FieldProblem } from './errors.ts'

export type OwnDetailsPage = {
  name: string
  email: string | null
  emailProven: boolean
  phone: string | null
  phoneProven: boolean
  /** Whoever works here is shown theirs, and somebody else changes them. */
  mayChange: boolean
  /** They signed in just now; else they do so again before they change how they come in. */
  fresh: boolean
  /** As typed, where something was wrong with it. */
  typed: { email: string; phone: string }
  problems: FieldProblem[]
  done: 'phone' | 'email' | null
}

/** The code for a phone is waited for. */
export type ProvePhonePage = { phone: string; maskedPhone: string; problems: FieldProblem[] }

/** As typed. */
export type AddressForm = Record<
  'kind' | 'line1' | 'line2' | 'po_box' | 'city' | 'state' | 'postcode' | 'country' | 'primary',
  string
>

export type OwnAddressesPage = {
  addresses: CustomerAddress[]
  /** Of which there is none yet. */
  free: AddressKind[]
  /** The one that stands in the form to be changed; null where one is added. */
  changing: AddressKind | null
  form: AddressForm
  /** What a change is made to, so that none is written over. */
  version: number
  problems: FieldProblem[]
  done: 'kept' | 'removed' | null
}
